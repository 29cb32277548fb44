namespace Rer.Engine.Storage;

/// <summary>Doubles as SQLite keeps them: it has no NaN, so NULL stands for it.</summary>
internal static class SqlNumber
{
    /// <summary>What to bind for <paramref name="value"/>.</summary>
    public static double? OrNull(double value) => double.IsNaN(value) ? null : value;
}
