using System.Text.Json;
using StellarPay.Chaos.Audit.Evidence;
using StellarPay.Chaos.Clients.Hub;

namespace StellarPay.Chaos.Audit.Checks;

/// <summary>
/// A client of the hub gets the state first and then each change in order; and what it saw last is what is stored.
/// </summary>
internal static class HubCheck
{
    private const string Rule = "hub";

    public static IEnumerable<Finding> Run(AuditEvidence evidence) =>
        from user in evidence.Users
        let picture = evidence.Hub.GetValueOrDefault(user.Number)
        where picture is not null
        from complaint in picture.Complaints.Concat(Compare(evidence, user, picture))
        select new Finding(Rule, user.WalletId, $"user {user.Number}: {complaint}");

    private static IEnumerable<string> Compare(AuditEvidence evidence, UserEvidence user, HubPicture picture)
    {
        if (!picture.IsLive)
        {
            yield return "is not connected";
            yield break;
        }

        foreach (var balance in picture.Wallet.GetProperty("balances").EnumerateArray())
        {
            var asset = balance.GetProperty("issuer").GetString() is { } issuer
                ? $"{balance.GetProperty("asset").GetString()}:{issuer}"
                : Money.Native;
            var seen = new ShownBalance(Stroops(balance, "balance"), Stroops(balance, "reserved"), Stroops(balance, "spendable"));
            if (seen != user.Balances.GetValueOrDefault(asset))
            {
                yield return $"was pushed {seen} of {asset} last, and is shown {user.Balances.GetValueOrDefault(asset)}";
            }
        }

        foreach (var payment in evidence.Payments.Values.Where(payment => payment.WalletId == user.WalletId))
        {
            var seen = picture.Payments.GetValueOrDefault(payment.Id);
            var mustBeSeen = payment.Events[^1].Number("revision") > picture.StateRevision;
            if (seen is null ? mustBeSeen : seen != new HubPayment(payment.Status, payment.ClaimStatus))
            {
                yield return $"was pushed {seen?.ToString() ?? "nothing"} of {payment.Id} last; it is {payment.Status} {payment.ClaimStatus}".TrimEnd();
            }
        }
    }

    private static long Stroops(JsonElement balance, string name) => Money.Parse(balance.GetProperty(name).GetString()!);
}
