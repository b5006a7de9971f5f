using StellarPay.Stellar.Keys;

namespace StellarPay.Stellar.Sep7;

/// <summary>The parts of a URI, decoded; each parameter at most once.</summary>
internal sealed class UriParameters
{
    internal const string Scheme = "web+stellar:";
    private const string SignatureName = "signature";
    private const int MaxParameters = 32;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private UriParameters(string operation, string signedText)
    {
        Operation = operation;
        SignedText = signedText;
    }

    internal string Operation { get; }

    /// <summary>The text before "&amp;signature=".</summary>
    internal string SignedText { get; }

    internal string? this[string name] => _values.GetValueOrDefault(name);

    /// <exception cref="FormatException">It is not a SEP-7 URI.</exception>
    internal static UriParameters Read(string? uri)
    {
        if (uri is null || !uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"The request must begin with '{Scheme}'.");
        }
        if (uri.Length > StellarUri.MaxLength)
        {
            throw new FormatException($"The request is longer than {StellarUri.MaxLength} characters.");
        }
        var question = uri.IndexOf('?', StringComparison.Ordinal);
        var operation = question < 0 ? uri[Scheme.Length..] : uri[Scheme.Length..question];
        var pairs = question < 0 ? [] : uri[(question + 1)..].Split('&', MaxParameters + 1);
        if (pairs.Length > MaxParameters)
        {
            throw new FormatException($"The request has more than {MaxParameters} parameters.");
        }
        var parameters = new UriParameters(operation, BeforeSignature(uri));
        foreach (var pair in pairs)
        {
            parameters.Add(pair);
        }
        return parameters;
    }

    /// <summary>The signature, if there is one.</summary>
    /// <exception cref="FormatException">There is something else in its place.</exception>
    internal byte[]? Signature()
    {
        if (this[SignatureName] is not { } text)
        {
            return null;
        }
        var signature = new byte[Ed25519.SignatureLength];
        return Convert.TryFromBase64String(text, signature, out var length) && length == signature.Length
            ? signature
            : throw new FormatException("The signature is not 64 bytes in base64.");
    }

    private void Add(string pair)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new FormatException("Each parameter is name=value.");
        }
        // Not form encoding: a plus stays a plus, since base64 has some.
        if (!_values.TryAdd(pair[..equals], Uri.UnescapeDataString(pair[(equals + 1)..])))
        {
            throw new FormatException("A parameter occurs twice.");
        }
        if (_values.ContainsKey(SignatureName) && pair[..equals] != SignatureName)
        {
            throw new FormatException("The signature must be the last parameter.");
        }
    }

    private static string BeforeSignature(string uri)
    {
        var at = uri.IndexOf($"&{SignatureName}=", StringComparison.Ordinal);
        return at < 0 ? uri : uri[..at];
    }
}
