using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Sep7;

/// <summary>A request to sign a transaction.</summary>
/// <param name="Envelope">The transaction.</param>
/// <remarks>Source: SEP-7, operation <c>tx</c>.</remarks>
public sealed record TransactionRequest(TransactionEnvelope Envelope) : StellarUri
{
    /// <summary>How deep requests may be chained.</summary>
    public const int MaxChain = 7;

    /// <summary>The fields that the wallet is to fill in.</summary>
    public ValueList<Replacement> Replacements { get; init; }

    /// <summary>The key that is to sign; null leaves that to the wallet.</summary>
    public AccountId? PublicKey { get; init; }

    /// <summary>The request that led to this one, for information.</summary>
    public string? Chain { get; init; }

    private protected override string Operation => "tx";

    internal static TransactionRequest From(UriParameters parameters) => From(parameters, depth: 0);

    private protected override void WriteParameters(UriWriter writer)
    {
        writer.Write("xdr", Envelope.ToXdrBase64());
        writer.Write("replace", Replacements.Count == 0 ? null : Replacement.Format(Replacements));
    }

    private protected override void WriteLateParameters(UriWriter writer)
    {
        writer.Write("pubkey", PublicKey?.ToString());
        writer.Write("chain", Chain);
    }

    private static TransactionRequest From(UriParameters parameters, int depth)
    {
        if (parameters["xdr"] is not { } xdr)
        {
            throw new FormatException("The xdr is missing.");
        }
        var publicKey = parameters["pubkey"];
        if (publicKey is not null && !StrKey.IsValid(publicKey, StrKeyKind.AccountId))
        {
            throw new FormatException("The pubkey is not a public key (G…).");
        }
        return new TransactionRequest(ReadEnvelope(xdr))
        {
            Replacements = parameters["replace"] is { } replace ? Replacement.Parse(replace) : default,
            PublicKey = publicKey is null ? null : AccountId.Parse(publicKey),
            Chain = parameters["chain"] is { } chain ? CheckChain(chain, depth) : null,
        };
    }

    private static TransactionEnvelope ReadEnvelope(string xdr)
    {
        try
        {
            return TransactionEnvelope.FromXdrBase64(xdr);
        }
        catch (XdrException exception)
        {
            throw new FormatException("The xdr is not a transaction envelope.", exception);
        }
    }

    private static string CheckChain(string chain, int depth)
    {
        if (depth >= MaxChain)
        {
            throw new FormatException($"More than {MaxChain} requests are chained.");
        }
        var parameters = UriParameters.Read(chain);
        if (parameters.Operation == "tx")
        {
            From(parameters, depth + 1);
        }
        return chain;
    }
}
