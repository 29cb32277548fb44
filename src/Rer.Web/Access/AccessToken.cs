using System.Security.Cryptography;
using System.Text;

namespace Rer.Web.Access;

/// <summary>What a dashboard that others reach asks of whoever comes.</summary>
public sealed class AccessToken
{
    /// <summary>The environment variable that sets the token of a dashboard, and of the `rer --server` that talks to it.</summary>
    public const string Variable = "RER_SERVER_TOKEN";

    /// <summary>Fewest characters of a token that a person sets.</summary>
    public const int ShortestText = 16;

    private const int Bytes = 32;

    private readonly byte[] _hash;

    private AccessToken(string text) => (Text, _hash) = (text, Hash(text));

    /// <summary>The token.</summary>
    public string Text { get; }

    /// <summary>The token of the environment, or else a new one that nobody can guess.</summary>
    /// <param name="variable">Reads a variable; null is the process's own environment.</param>
    /// <exception cref="ArgumentException">What the environment has is too short, or holds what no header may.</exception>
    public static AccessToken Create(Func<string, string?>? variable = null)
    {
        if ((variable ?? Environment.GetEnvironmentVariable)(Variable)?.Trim() is not { Length: > 0 } set)
            return new AccessToken(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
        if (set.Length < ShortestText || set.Any(c => c is <= ' ' or > '~'))
        {
            throw new ArgumentException(
                $"{Variable}: a token has at least {ShortestText} letters, digits or signs, and no blank. Unset it to have one made.");
        }

        return new AccessToken(set);
    }

    /// <summary>Whether a text is the token. Takes as long for every text, so that nothing can be learnt of it by trying.</summary>
    public bool Matches(string? text) => text is not null && CryptographicOperations.FixedTimeEquals(Hash(text), _hash);

    // Of equal length whatever the text's: comparing would otherwise tell the token's.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
