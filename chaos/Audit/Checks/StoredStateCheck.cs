using System.Text.Json;
using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>A wallet's stored state says what its last events say.</summary>
internal static class StoredStateCheck
{
    private const string Rule = "state";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var lastWallet = evidence.Database.Events
            .Where(row => row.IsOfWallet && row.Balances() is not null)
            .GroupBy(row => row.Text("walletId") ?? "").ToDictionary(group => group.Key, group => group.Last());
        var lastRevision = evidence.Database.Events
            .Where(row => row.IsOfWallet && row.Text("walletId") is not null && row.Number("revision") is not null)
            .GroupBy(row => row.Text("walletId")!).ToDictionary(group => group.Key, group => group.Last().Number("revision")!.Value);
        foreach (var (id, wallet) in evidence.Database.Wallets)
        {
            foreach (var finding in Payments(evidence, id, wallet).Concat(Balances(id, wallet, lastWallet.GetValueOrDefault(id))))
            {
                yield return finding;
            }

            var revision = wallet.Payload.TryGetProperty("revision", out var stored) ? stored.GetInt64() : 0;
            if (revision != lastRevision.GetValueOrDefault(id))
            {
                yield return new Finding(Rule, id, $"is stored at revision {revision}, its last event has {lastRevision.GetValueOrDefault(id)}");
            }
        }

        foreach (var payment in evidence.Payments.Values.Where(payment => !evidence.Database.Wallets.ContainsKey(payment.WalletId)))
        {
            yield return new Finding(Rule, payment.Id, $"belongs to {payment.WalletId}, which is not stored");
        }
    }

    private static IEnumerable<Finding> Payments(AuditEvidence evidence, string id, WalletRow wallet)
    {
        foreach (var stored in StoredPayment.All(wallet))
        {
            if (evidence.Payments.GetValueOrDefault(stored.Id) is not { } payment)
            {
                yield return new Finding(Rule, stored.Id, $"is in the state of {id} and in no event");
            }
            else if ((stored.Status, stored.TransactionHash, stored.Ledger, stored.FailureCode)
                != (payment.Status, payment.TransactionHash, payment.Ledger, payment.FailureCode))
            {
                yield return new Finding(
                    Rule, stored.Id, $"is stored as {stored.Status} ({stored.TransactionHash}, ledger {stored.Ledger}, {stored.FailureCode}); "
                    + $"its last event says {payment.Status} ({payment.TransactionHash}, ledger {payment.Ledger}, {payment.FailureCode})");
            }
        }
    }

    private static IEnumerable<Finding> Balances(string id, WalletRow wallet, EventRow? last)
    {
        if (last?.Balances() is not { } balances)
        {
            yield break;
        }

        foreach (var balance in balances.EnumerateArray())
        {
            var asset = balance.GetProperty("asset").GetString()!;
            var told = Money.Parse(balance.GetProperty("balance").GetString()!);
            var stored = StoredBalance(wallet.Payload, asset);
            if (told != stored)
            {
                yield return new Finding(Rule, id, $"{stored} stroops of {asset} are stored, {last.EventId} says {told}");
            }
        }
    }

    private static long StoredBalance(JsonElement payload, string asset) =>
        payload.TryGetProperty("balances", out var balances) && balances.TryGetProperty(asset, out var balance)
            && balance.TryGetProperty("stroops", out var stroops)
            ? stroops.GetInt64()
            : 0;
}
