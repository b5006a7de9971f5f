using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Transactions;

/// <summary>
/// What a transaction envelope says, as JSON that a person can read before signing: addresses as StrKeys, assets as
/// "native" or "CODE:ISSUER", amounts with seven places, times as Unix seconds and in UTC, 64-bit numbers as strings.
/// Text that is not UTF-8 or could deceive the eye (control and direction characters) is shown in hexadecimal.
/// </summary>
public static class Inspect
{
    // A contract value of the deepest nesting that the decoder takes needs three levels of JSON a level.
    private const int MaxJsonDepth = 1000;

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        MaxDepth = MaxJsonDepth,

        // For people, not for HTML: base64 keeps its '+'. What could deceive is in hexadecimal already.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What an envelope says.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="network">
    /// The network that it is for: then hashes are given, and signatures of accounts that the transaction names are
    /// verified. Without it signatures are only matched by their hints.
    /// </param>
    /// <returns>The JSON.</returns>
    public static JsonObject Envelope(TransactionEnvelope envelope, StellarNetwork? network = null)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return envelope switch
        {
            TransactionV0Envelope v0 => Signed("transaction_v0", v0, v0.Transaction.ToTransaction(), network),
            TransactionV1Envelope v1 => Signed("transaction", v1, v1.Transaction, network),
            FeeBumpTransactionEnvelope bump => FeeBump(bump, network),
            _ => throw new ArgumentException($"There is no envelope of type {envelope.Type}.", nameof(envelope)),
        };
    }

    /// <summary>What an envelope says, as indented text.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="network">The network that it is for; see <see cref="Envelope"/>.</param>
    /// <returns>The text, without a line break at its end.</returns>
    public static string EnvelopeText(TransactionEnvelope envelope, StellarNetwork? network = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            Envelope(envelope, network).WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonObject Signed(
        string type, TransactionEnvelope envelope, Transaction transaction, StellarNetwork? network)
    {
        var json = Head(type, envelope, network);
        json["source"] = transaction.Source.ToString();
        json["sequence"] = InspectText.Number(transaction.Sequence);
        json["max_fee_stroops"] = InspectText.Number(transaction.Fee);
        if (InspectText.Conditions(transaction.Preconditions) is { } conditions)
            json["preconditions"] = conditions;
        json["memo"] = InspectText.Memo(transaction.Memo);
        json["operations"] = InspectText.Array(transaction.Operations, InspectOperations.Of);
        if (transaction.SorobanData is { } data)
            json["soroban_data"] = InspectContracts.Resources(data);
        json["signatures"] = Signatures(envelope, Named(transaction), network);
        return json;
    }

    private static JsonObject FeeBump(FeeBumpTransactionEnvelope envelope, StellarNetwork? network)
    {
        var bump = envelope.Transaction;
        var json = Head("fee_bump", envelope, network);
        json["fee_source"] = bump.FeeSource.ToString();
        json["max_fee_stroops"] = InspectText.Number(bump.Fee);
        json["inner"] = Signed("transaction", bump.Inner, bump.Inner.Transaction, network);
        json["signatures"] = Signatures(envelope, [bump.FeeSource.AccountId], network);
        return json;
    }

    private static JsonObject Head(string type, TransactionEnvelope envelope, StellarNetwork? network)
    {
        var json = new JsonObject { ["type"] = type };
        if (network is not null)
        {
            json["network"] = network.Passphrase;
            json["hash"] = envelope.HashOn(network).ToString();
        }

        return json;
    }

    // The accounts whose master keys a signature of the transaction may be by.
    private static HashSet<AccountId> Named(Transaction transaction)
    {
        HashSet<AccountId> accounts = [transaction.Source.AccountId];
        foreach (var operation in transaction.Operations)
        {
            if (operation.Source is { } source)
                accounts.Add(source.AccountId);
        }

        return accounts;
    }

    private static JsonArray Signatures(
        TransactionEnvelope envelope, HashSet<AccountId> named, StellarNetwork? network)
    {
        var hash = network is null ? null : envelope.HashOn(network).ToArray();
        return InspectText.Array(envelope.Signatures, signature =>
        {
            var json = new JsonObject
            {
                ["hint"] = signature.Hint.ToString("x8", null),
                ["signature"] = Convert.ToBase64String(signature.Signature.AsSpan()),
            };
            foreach (var account in named.Where(account => account.SignatureHint() == signature.Hint))
            {
                json["account"] = account.ToString();
                if (hash is not null)
                    json["valid"] = SigningKey.Verify(account, hash, signature.Signature.AsSpan());
            }

            return json;
        });
    }
}
