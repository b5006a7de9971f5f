using System.Globalization;
using System.Text.Json;
using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Horizon.Http;

namespace StellarPay.Sandbox.Horizon.Ledgers;

/// <summary>Horizon's ledger resource.</summary>
internal static class LedgerJson
{
    public static void Write(Utf8JsonWriter json, HorizonLinks links, HistoryLedger ledger)
    {
        var self = string.Create(CultureInfo.InvariantCulture, $"/ledgers/{ledger.Sequence}");
        var successful = ledger.Transactions.Where(transaction => transaction.Successful).ToList();
        json.WriteStartObject();
        json.WriteStartObject("_links");
        links.Write(json, "self", self);
        links.WritePaged(json, "transactions", self + "/transactions");
        links.WritePaged(json, "operations", self + "/operations");
        links.WritePaged(json, "payments", self + "/payments");
        links.WritePaged(json, "effects", self + "/effects");
        json.WriteEndObject();
        json.WriteString("id", ledger.Hash.ToString());
        json.WriteDecimal("paging_token", ledger.Id);
        json.WriteString("hash", ledger.Hash.ToString());
        json.WriteString("prev_hash", ledger.PreviousHash.ToString());
        json.WriteNumber("sequence", ledger.Sequence);
        json.WriteNumber("successful_transaction_count", successful.Count);
        json.WriteNumber("failed_transaction_count", ledger.Transactions.Count - successful.Count);
        json.WriteNumber("operation_count", successful.Sum(transaction => transaction.Operations.Count));
        json.WriteNumber("tx_set_operation_count", ledger.Transactions.Sum(transaction => transaction.Operations.Count));
        json.WriteTime("closed_at", ledger.ClosedAt);
        json.WriteAmount("total_coins", ledger.TotalCoins);
        json.WriteAmount("fee_pool", ledger.FeePool);
        json.WriteNumber("base_fee_in_stroops", ledger.BaseFee);
        json.WriteNumber("base_reserve_in_stroops", ledger.BaseReserve);
        json.WriteNumber("max_tx_set_size", ledger.MaxTxSetSize);
        json.WriteNumber("protocol_version", ledger.Protocol);
        json.WriteString("header_xdr", Convert.ToBase64String(ledger.Header.AsSpan()));
        json.WriteEndObject();
    }
}
