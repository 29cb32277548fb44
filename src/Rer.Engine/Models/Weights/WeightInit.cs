namespace Rer.Engine.Models.Weights;

/// <summary>How a fresh weight is filled.</summary>
public enum WeightInit
{
    /// <summary>Normal, mean 0.</summary>
    Normal,

    /// <summary>Zeros: biases.</summary>
    Zeros,

    /// <summary>Ones: the gains of normalisation layers.</summary>
    Ones,
}
