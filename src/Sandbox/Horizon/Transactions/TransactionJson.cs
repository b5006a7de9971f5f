using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Accounts;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Transactions;

/// <summary>Horizon's transaction resource.</summary>
internal static class TransactionJson
{
    /// <param name="asked">The hash by which it was asked for: its own, or that of the transaction it wraps.</param>
    public static void Write(Utf8JsonWriter json, HorizonLinks links, HistoryTransaction record, Hash? asked = null)
    {
        var view = EnvelopeView.Of(record.Envelope);
        var hash = (asked ?? record.Hash).ToString();
        var token = record.Id.ToString(CultureInfo.InvariantCulture);
        json.WriteStartObject();
        WriteLinks(json, links, record, view, hash, token);
        json.WriteString("id", hash);
        json.WriteString("paging_token", token);
        json.WriteBoolean("successful", record.Successful);
        json.WriteString("hash", hash);
        json.WriteNumber("ledger", record.Ledger.Sequence);
        json.WriteTime("created_at", record.Ledger.ClosedAt);
        WriteAccount(json, "source_account", "account_muxed", view.Transaction.Source);
        json.WriteDecimal("source_account_sequence", view.Transaction.Sequence);
        WriteAccount(json, "fee_account", "fee_account_muxed", view.FeeBump?.FeeSource ?? view.Transaction.Source);
        json.WriteDecimal("fee_charged", record.FeeCharged);
        json.WriteDecimal("max_fee", record.MaxFee);
        json.WriteNumber("operation_count", view.Transaction.Operations.Count);
        json.WriteString("envelope_xdr", Convert.ToBase64String(record.Envelope.AsSpan()));
        json.WriteString("result_xdr", Convert.ToBase64String(record.Result.AsSpan()));
        if (record.Meta.Length > 0)
        {
            json.WriteString("result_meta_xdr", Convert.ToBase64String(record.Meta.AsSpan()));
        }

        json.WriteString("fee_meta_xdr", Convert.ToBase64String(record.FeeMeta.AsSpan()));
        WriteMemo(json, view.Transaction.Memo);
        WriteSignatures(json, view.FeeBump is null || hash != record.Hash.ToString()
            ? view.Signatures
            : view.FeeBumpSignatures);
        WritePreconditions(json, view.Transaction.Preconditions);
        if (view.FeeBump is not null)
        {
            WriteFeeBump(json, record, view);
        }

        json.WriteEndObject();
    }

    private static void WriteLinks(
        Utf8JsonWriter json, HorizonLinks links, HistoryTransaction record, EnvelopeView view, string hash, string token)
    {
        var self = "/transactions/" + hash;
        json.WriteStartObject("_links");
        links.Write(json, "self", self);
        links.Write(json, "account", $"/accounts/{view.Transaction.Source.AccountId}");
        links.Write(json, "ledger", string.Create(CultureInfo.InvariantCulture, $"/ledgers/{record.Ledger.Sequence}"));
        links.WritePaged(json, "operations", self + "/operations");
        links.WritePaged(json, "effects", self + "/effects");
        links.Write(json, "precedes", "/transactions?order=asc&cursor=" + token);
        links.Write(json, "succeeds", "/transactions?order=desc&cursor=" + token);
        links.Write(json, "transaction", self);
        json.WriteEndObject();
    }

    private static void WriteAccount(Utf8JsonWriter json, string name, string muxedName, MuxedAccount account)
    {
        json.WriteString(name, account.AccountId.ToString());
        if (account.Id is { } id)
        {
            json.WriteString(muxedName, account.ToString());
            json.WriteDecimal(muxedName + "_id", id);
        }
    }

    private static void WriteMemo(Utf8JsonWriter json, Memo memo)
    {
        switch (memo)
        {
            case MemoText text:
                json.WriteString("memo_type", "text");
                json.WriteString("memo_bytes", Convert.ToBase64String(text.Text.Bytes.AsSpan()));
                json.WriteString("memo", text.Text.ToString());
                break;
            case MemoId id:
                json.WriteString("memo_type", "id");
                json.WriteDecimal("memo", id.Id);
                break;
            case MemoHash hash:
                json.WriteString("memo_type", "hash");
                json.WriteString("memo", Convert.ToBase64String(hash.Hash.ToArray()));
                break;
            case MemoReturn hash:
                json.WriteString("memo_type", "return");
                json.WriteString("memo", Convert.ToBase64String(hash.Hash.ToArray()));
                break;
            default:
                json.WriteString("memo_type", "none");
                break;
        }
    }

    private static void WriteSignatures(Utf8JsonWriter json, ValueList<DecoratedSignature> signatures)
    {
        json.WriteStartArray("signatures");
        foreach (var signature in signatures)
        {
            json.WriteStringValue(Convert.ToBase64String(signature.Signature.AsSpan()));
        }

        json.WriteEndArray();
    }

    private static void WritePreconditions(Utf8JsonWriter json, Preconditions preconditions)
    {
        if (preconditions.Type == PreconditionType.None)
        {
            return;
        }

        json.WriteStartObject("preconditions");
        if (preconditions.TimeBounds is { } time)
        {
            json.WriteStartObject("timebounds");
            json.WriteDecimal("min_time", time.MinTime);
            if (time.MaxTime != 0)
            {
                json.WriteDecimal("max_time", time.MaxTime);
            }

            json.WriteEndObject();
        }

        if (preconditions.LedgerBounds is { } ledgers)
        {
            json.WriteStartObject("ledgerbounds");
            json.WriteNumber("min_ledger", ledgers.MinLedger);
            if (ledgers.MaxLedger != 0)
            {
                json.WriteNumber("max_ledger", ledgers.MaxLedger);
            }

            json.WriteEndObject();
        }

        WriteSequencePreconditions(json, preconditions);
        json.WriteEndObject();
    }

    private static void WriteSequencePreconditions(Utf8JsonWriter json, Preconditions preconditions)
    {
        if (preconditions.MinSequence is { } sequence)
        {
            json.WriteDecimal("min_account_sequence", sequence);
        }

        if (preconditions.MinSequenceAge != 0)
        {
            json.WriteDecimal("min_account_sequence_age", preconditions.MinSequenceAge);
        }

        if (preconditions.MinSequenceLedgerGap != 0)
        {
            json.WriteNumber("min_account_sequence_ledger_gap", preconditions.MinSequenceLedgerGap);
        }

        if (preconditions.ExtraSigners.Count > 0)
        {
            json.WriteStartArray("extra_signers");
            foreach (var signer in preconditions.ExtraSigners)
            {
                json.WriteStringValue(signer.ToStrKey());
            }

            json.WriteEndArray();
        }
    }

    private static void WriteFeeBump(Utf8JsonWriter json, HistoryTransaction record, EnvelopeView view)
    {
        json.WriteStartObject("fee_bump_transaction");
        json.WriteString("hash", record.Hash.ToString());
        WriteSignatures(json, view.FeeBumpSignatures);
        json.WriteEndObject();
        json.WriteStartObject("inner_transaction");
        json.WriteString("hash", record.InnerHash?.ToString());
        WriteSignatures(json, view.Signatures);
        json.WriteDecimal("max_fee", (long)view.Transaction.Fee);
        json.WriteEndObject();
    }
}
