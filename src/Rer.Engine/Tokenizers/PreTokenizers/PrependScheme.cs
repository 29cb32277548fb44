namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Before which parts a space is put.</summary>
internal enum PrependScheme
{
    /// <summary>Before every part.</summary>
    Always,

    /// <summary>Before the part that the text begins with.</summary>
    First,

    /// <summary>Before none.</summary>
    Never,
}
