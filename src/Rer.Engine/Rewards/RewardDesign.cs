namespace Rer.Engine.Rewards;

/// <summary>Which features are on, per query type. Immutable; canonical text form `OE: LI*RP*QR; CE: RP*RAR` that parses back.</summary>
public sealed record RewardDesign
{
}
