using StellarPay.Stellar;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// Who sponsors whose future reserves: between BeginSponsoringFutureReserves and its end, within one transaction.
/// </summary>
internal sealed class Sponsorships
{
    private readonly Dictionary<AccountId, AccountId> _sponsorOf = [];
    private readonly Dictionary<AccountId, int> _sponsoring = [];

    public bool IsEmpty => _sponsorOf.Count == 0;

    public AccountId? SponsorOf(AccountId account) =>
        _sponsorOf.TryGetValue(account, out var sponsor) ? sponsor : null;

    public bool IsSponsor(AccountId account) => _sponsoring.ContainsKey(account);

    public void Begin(AccountId sponsor, AccountId sponsored)
    {
        _sponsorOf.Add(sponsored, sponsor);
        _sponsoring[sponsor] = _sponsoring.GetValueOrDefault(sponsor) + 1;
    }

    public void End(AccountId sponsored)
    {
        _sponsorOf.Remove(sponsored, out var sponsor);
        if (--_sponsoring[sponsor] == 0)
        {
            _sponsoring.Remove(sponsor);
        }
    }
}
