using System.Text.Json;
using StellarPay.Chaos.Audit.Evidence;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>Exactly the stored key signs for a wallet's account, and as many keys were replaced as events say.</summary>
internal static class KeysCheck
{
    private const string Rule = "key";
    private const string Rotated = "wallet.key_rotated";

    public static IEnumerable<Finding> Run(AuditEvidence evidence)
    {
        var rotations = evidence.Database.Events.Where(row => row.Type == Rotated)
            .GroupBy(row => row.Subject, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count());
        foreach (var (address, wallet) in evidence.Database.Addresses)
        {
            if (evidence.Ledger.Accounts.GetValueOrDefault(address) is not { Signers.Count: > 0 } account
                || evidence.Database.Wallets.GetValueOrDefault(wallet) is not { } row
                || !row.Payload.TryGetProperty("key", out var key) || key.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            var stored = key.GetProperty("publicKey").GetString()!;
            var signers = account.Signers.Where(signer => signer.Value > 0).Select(signer => signer.Key).ToList();
            if (!signers.SequenceEqual([stored]))
            {
                yield return new Finding(Rule, wallet, $"signs with {stored}; the ledger lets {string.Join(" and ", signers)} sign for {address}");
            }

            if (row.Payload.TryGetProperty("nextKey", out var next) && next.ValueKind == JsonValueKind.Object)
            {
                yield return new Finding(Rule, wallet, $"still waits for {next.GetProperty("publicKey").GetString()} to replace {stored}");
            }

            var (version, told) = (key.GetProperty("version").GetInt32(), rotations.GetValueOrDefault(wallet));
            if (version != told + 1)
            {
                yield return new Finding(Rule, wallet, $"signs with key {version}, and {told} events say that one was replaced");
            }
        }
    }
}
