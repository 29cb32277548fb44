namespace Rer.Web.Comparing;

/// <summary>A measure that is drawn for every design, on one axis along the row.</summary>
public enum CompareRow
{
    /// <summary>Proxy and gold.</summary>
    ProxyAndGold,

    /// <summary>Gold by query type.</summary>
    GoldByType,

    /// <summary>Self-BLEU by query type.</summary>
    SelfBleu,
}
