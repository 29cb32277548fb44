using Rer.Engine.Data.Preferences;

namespace Rer.Web.Lab;

/// <summary>A pair whose rejected response scores higher.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Chosen">Gold of the chosen response.</param>
/// <param name="Rejected">Gold of the rejected one.</param>
public sealed record LabMistake(PreferencePair Pair, double Chosen, double Rejected);
