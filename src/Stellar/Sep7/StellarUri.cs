using System.Text;
using StellarPay.Stellar.Domains;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Sep7;

/// <summary>
/// A request to a wallet in the form of a <c>web+stellar:</c> URI: <see cref="PayRequest"/> or
/// <see cref="TransactionRequest"/>.
/// </summary>
/// <remarks>Source: SEP-7.</remarks>
public abstract record StellarUri
{
    /// <summary>Longest URI that is read, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Longest message, in characters.</summary>
    public const int MaxMessageLength = 300;

    private protected StellarUri()
    {
    }

    /// <summary>Where the wallet is to post the signed transaction, instead of submitting it; https or http.</summary>
    public Uri? Callback { get; init; }

    /// <summary>What the wallet is to show; at most 300 characters. It does not get onto the ledger.</summary>
    public string? Message { get; init; }

    /// <summary>The network; the public one unless set.</summary>
    public StellarNetwork Network { get; init; } = StellarNetwork.Public;

    /// <summary>
    /// The domain that the request claims to come from. Show it to nobody before <see cref="IsSignedBy"/> has said yes
    /// for the URI_REQUEST_SIGNING_KEY of that domain's stellar.toml.
    /// </summary>
    public string? OriginDomain { get; init; }

    /// <summary>The signature of a parsed URI, 64 bytes; empty if it has none.</summary>
    public Bytes Signature { get; private init; }

    /// <summary>What the signature covers: the URI as it was received, up to the signature.</summary>
    private string SignedText { get; init; } = "";

    private protected abstract string Operation { get; }

    /// <summary>Reads a URI.</summary>
    /// <exception cref="FormatException">It is not a valid SEP-7 request; the message says why.</exception>
    public static StellarUri Parse(string uri) =>
        TryParse(uri, out var request, out var error) ? request! : throw new FormatException(error);

    /// <summary>Reads a URI, saying why not instead of throwing.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="request">The request, or null.</param>
    /// <param name="error">What is wrong, as a sentence; empty if nothing is.</param>
    /// <returns>Whether it is a valid SEP-7 request.</returns>
    public static bool TryParse(string? uri, out StellarUri? request, out string error)
    {
        request = null;
        error = "";
        try
        {
            var parameters = UriParameters.Read(uri);
            StellarUri read = parameters.Operation switch
            {
                "pay" => PayRequest.From(parameters),
                "tx" => TransactionRequest.From(parameters),
                _ => throw new FormatException("The operation must be 'pay' or 'tx'."),
            };
            request = read.WithCommon(parameters);
            return true;
        }
        catch (FormatException exception)
        {
            error = exception.Message;
            return false;
        }
    }

    /// <summary>Whether a text can be an <see cref="OriginDomain"/>: a full domain name, in ASCII.</summary>
    public static bool IsOriginDomain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return DomainName.IsValid(text);
    }

    /// <summary>The URI, without a signature.</summary>
    /// <exception cref="InvalidOperationException">Something in it is not allowed; the message says what.</exception>
    public sealed override string ToString()
    {
        var writer = new UriWriter(Operation);
        WriteParameters(writer);
        Require(Message is not { Length: > MaxMessageLength }, $"A message has at most {MaxMessageLength} characters.");
        Require(Callback is null || IsWeb(Callback), "A callback is an absolute http or https URL.");
        Require(OriginDomain is null || DomainName.IsValid(OriginDomain), "The origin domain is not a full domain name.");
        writer.Write("callback", Callback is null ? null : "url:" + Callback.OriginalString);
        WriteLateParameters(writer);
        writer.Write("msg", Message);
        writer.Write("network_passphrase", Network.Equals(StellarNetwork.Public) ? null : Network.Passphrase);
        writer.Write("origin_domain", OriginDomain);
        return writer.ToString();
    }

    /// <summary>The URI with a signature at its end.</summary>
    /// <param name="key">The key whose public half is the URI_REQUEST_SIGNING_KEY of the origin domain.</param>
    /// <exception cref="InvalidOperationException">There is no origin domain, or something in it is not allowed.</exception>
    public string ToSignedString(SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Require(OriginDomain is not null, "A signed request needs an origin domain.");
        var text = ToString();
        var signature = Convert.ToBase64String(key.Sign(Payload(text)));
        return $"{text}&signature={Uri.EscapeDataString(signature)}";
    }

    /// <summary>Whether the parsed URI carries a valid signature of a key over exactly the text that was received.</summary>
    public bool IsSignedBy(AccountId signingKey) =>
        Signature.Length > 0 && SigningKey.Verify(signingKey, Payload(SignedText), Signature.AsSpan());

    private protected abstract void WriteParameters(UriWriter writer);

    private protected virtual void WriteLateParameters(UriWriter writer)
    {
    }

    private protected static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new InvalidOperationException(sentence);
        }
    }

    private StellarUri WithCommon(UriParameters parameters)
    {
        var domain = parameters["origin_domain"];
        var message = parameters["msg"];
        Check(domain is null || DomainName.IsValid(domain), "The origin_domain is not a full domain name.");
        Check(message is not { Length: > MaxMessageLength }, $"The msg has more than {MaxMessageLength} characters.");
        var signature = parameters.Signature();
        // SEP-7: a request with an origin domain and without a signature is not valid.
        Check(domain is null || signature is not null, "The request has an origin_domain but no signature.");
        return this with
        {
            Callback = parameters["callback"] is { } callback ? ReadCallback(callback) : null,
            Message = message,
            Network = parameters["network_passphrase"] is { } passphrase ? ReadNetwork(passphrase) : StellarNetwork.Public,
            OriginDomain = domain,
            Signature = Bytes.Create(signature),
            SignedText = parameters.SignedText,
        };
    }

    private static Uri ReadCallback(string text)
    {
        const string prefix = "url:";
        Check(text.StartsWith(prefix, StringComparison.Ordinal), "The callback must begin with 'url:'.");
        var isUri = Uri.TryCreate(text[prefix.Length..], UriKind.Absolute, out var url) && IsWeb(url);
        Check(isUri, "The callback is not an http or https URL.");
        return url!;
    }

    private static StellarNetwork ReadNetwork(string passphrase)
    {
        Check(
            passphrase.Trim().Length > 0 && passphrase.Length <= StellarNetwork.MaxPassphraseLength,
            "The network_passphrase is empty or too long.");
        return new StellarNetwork(passphrase);
    }

    private static bool IsWeb(Uri url) => url is { IsAbsoluteUri: true, Scheme: "http" or "https" };

    private static void Check(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new FormatException(sentence);
        }
    }

    // SEP-7, request signing: 35 zero bytes, a 4, the prefix, the URI.
    private static byte[] Payload(string text)
    {
        const string prefix = "stellar.sep.7 - URI Scheme";
        const int headLength = 36;
        var payload = new byte[headLength + Encoding.UTF8.GetByteCount(prefix) + Encoding.UTF8.GetByteCount(text)];
        payload[headLength - 1] = 4;
        var written = Encoding.UTF8.GetBytes(prefix, payload.AsSpan(headLength));
        Encoding.UTF8.GetBytes(text, payload.AsSpan(headLength + written));
        return payload;
    }
}
