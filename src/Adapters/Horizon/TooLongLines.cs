using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// What stands for an operation that is longer than an answer may be: a line that cannot be read, which is kept for whom it names
/// as far as that is known, and counted.
/// </summary>
internal static class TooLongLines
{
    private const int KeyBytes = 32;
    private const int DiscriminantBytes = 4;
    private const int MuxedIdBytes = 8;

    /// <summary>An operation that is too long alone.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="transaction">Its transaction, where that is known.</param>
    public static OperationLine Of(long place, TransactionRecord? transaction)
    {
        var token = LedgerPages.Text(place);
        var json = new JsonObject { ["id"] = token, ["paging_token"] = token };
        if (transaction is not null)
        {
            json["transaction_hash"] = transaction.Hash.ToString();
            json["accounts"] = new JsonArray([.. AccountsIn(transaction.EnvelopeXdr).Select(account => JsonValue.Create(account))]);
        }

        return new OperationLine(token, JsonSerializer.SerializeToElement(json), Record: null, "It is longer than an answer may be.");
    }

    /// <summary>An operation whose transaction is too long.</summary>
    public static OperationLine Without(OperationLine line) =>
        line with { Record = null, Problem = "Its transaction is longer than an answer may be." };

    // Whoever is named anywhere in the envelope: each key stands behind its kind. What only looks like one is nobody's.
    private static HashSet<string> AccountsIn(string envelopeXdr)
    {
        var accounts = new HashSet<string>(StringComparer.Ordinal);
        var decoded = new byte[envelopeXdr.Length];
        var bytes = Convert.TryFromBase64String(envelopeXdr, decoded, out var length) ? decoded.AsSpan(0, length) : [];
        for (var at = 0; at + DiscriminantBytes + KeyBytes <= bytes.Length; at += DiscriminantBytes)
        {
            var key = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]) switch
            {
                (int)CryptoKeyType.Ed25519 => at + DiscriminantBytes,
                (int)CryptoKeyType.MuxedEd25519 => at + DiscriminantBytes + MuxedIdBytes,
                _ => bytes.Length,
            };
            if (key + KeyBytes <= bytes.Length)
            {
                accounts.Add(new AccountId(bytes.Slice(key, KeyBytes)).ToString());
            }
        }

        return accounts;
    }
}
