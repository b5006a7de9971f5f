using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// A sponsor's share of the day's budget: whether an account may be opened from what is left of it. Touches nothing but the lease.
/// </summary>
internal sealed class OpeningBudget
{
    /// <summary>The error code where a sponsor's share of the day does not suffice.</summary>
    public const string UsedCode = "opening_budget_used";

    // So many people have their addresses at these that they are nobody's own; a catch-all domain is none of them.
    private static readonly HashSet<string> LargeProviders = new(StringComparer.Ordinal)
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "proton.me",
        "protonmail.com", "gmx.de", "gmx.net", "web.de", "aol.com", "mail.ru", "yandex.ru", "qq.com", "163.com", "naver.com",
    };

    // As much as four of its networks.
    private const int RangesOfSite = 4;

    private readonly long _all;
    private readonly long _unknown;
    private readonly long _reopened;
    private readonly long _dedicated;
    private readonly long _perRange;
    private readonly long _perDomain;

    /// <param name="options">The budgets of all sponsors together.</param>
    /// <param name="sponsors">How many sponsors there are.</param>
    /// <param name="trustlines">How many trustlines an account is opened with.</param>
    public OpeningBudget(BudgetOptions options, int sponsors, int trustlines)
    {
        var account = AccountReserves + trustlines;
        var all = options.OpeningXlmPerDay * Amount.StroopsPerUnit / NetworkAccount.BaseReserveStroops;
        // Of too small a budget each sponsor still opens one account a day.
        _all = Math.Max(account, all / sponsors);
        _unknown = Math.Max(account, _all * (Whole - options.InvitedPercent) / Whole);
        _reopened = Math.Max(account, _all * options.ReopenedPercent / Whole);
        _dedicated = Math.Max(account, _all * options.DedicatedPercent / Whole);
        _perDomain = Math.Max(account, _all * options.DomainPercent / Whole);
        _perRange = account * Math.Max(1, ((long)options.OpeningsPerRange + sponsors - 1) / sponsors);
    }

    private const int AccountReserves = 2;
    private const ulong LastOfIpv4 = 0xFFFFFF;
    private const int Whole = 100;

    /// <summary>What is used for an account.</summary>
    public static OpeningGrant GrantOf(OpeningRequest request, DateTimeOffset now)
    {
        var origin = request.Origin ?? new OpeningOrigin();
        return new OpeningGrant(
            DayOf(now), OpeningGroups.ReserveOf(request) / NetworkAccount.BaseReserveStroops, origin.Range,
            // Domains are compared without regard to case (RFC 4343): else each spelling of one has a budget of its own.
            origin.Domain?.ToLowerInvariant() is { } domain && !LargeProviders.Contains(domain)
                ? MarkOf(RegisteredDomain.Of(domain))
                : null,
            origin.Invited, SiteOf(origin.Range), origin.Reopened, origin.Dedicated);
    }

    /// <summary>Whether there is so much left; why not, or null.</summary>
    /// <param name="lease">What is used of this sponsor's share.</param>
    /// <param name="granted">What is promised besides, and not in it yet.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="now">Business time.</param>
    public Error? Check(OpeningLease lease, IReadOnlyList<OpeningGrant> granted, OpeningGrant asked, DateTimeOffset now)
    {
        var today = lease.Day == asked.Day;
        long Used(long stored, Func<OpeningGrant, bool> counts) =>
            (today ? stored : 0) + granted.Where(counts).Sum(grant => grant.Reserves) + asked.Reserves;

        var within = Used(lease.Reserves, _ => true) <= _all
            && (asked.Invited || Used(lease.Unknown, grant => !grant.Invited) <= _unknown)
            && (!asked.Reopened || Used(lease.Reopened, grant => grant.Reopened) <= _reopened)
            && (!asked.Dedicated || Used(lease.Dedicated, grant => grant.Dedicated) <= _dedicated)
            && (asked.Range is not { } range
                || Used(lease.ByRange.GetValueOrDefault(range), grant => grant.Range == range) <= _perRange)
            && (asked.Site is not { } site
                || Used(lease.ByRange.GetValueOrDefault(site), grant => grant.Site == site) <= RangesOfSite * _perRange)
            && (asked.Domain is not { } domain
                || Used(lease.ByDomain.GetValueOrDefault(domain), grant => grant.Domain == domain) <= _perDomain);
        return within
            ? null
            : new Error(ErrorKind.RateLimited, UsedCode, "No more accounts are opened from this budget today.",
                RetryAfter: NextDay(now) - now);
    }

    /// <summary>Counts what a transaction opens that is signed now.</summary>
    public static void Take(OpeningLease lease, IReadOnlyList<OpeningGrant> grants)
    {
        if (grants is [var first, ..] && first.Day > lease.Day)
        {
            (lease.Day, lease.Reserves, lease.Unknown, lease.Reopened, lease.Dedicated) = (first.Day, 0, 0, 0, 0);
            (lease.ByRange, lease.ByDomain) = ([], []);
        }

        foreach (var grant in grants)
        {
            Count(lease, grant, grant.Reserves);
        }

        lease.UnderWay = [.. grants];
    }

    /// <summary>The transaction has opened its accounts.</summary>
    public static void Keep(OpeningLease lease) => lease.UnderWay = null;

    /// <summary>The transaction came to nothing: what it was to use is there again.</summary>
    public static void Return(OpeningLease lease)
    {
        foreach (var grant in lease.UnderWay ?? [])
        {
            Count(lease, grant, -grant.Reserves);
        }

        lease.UnderWay = null;
    }

    /// <summary>The next day's first moment.</summary>
    public static DateTimeOffset NextDay(DateTimeOffset now) => new(DayOf(now).AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    // Yesterday's budget is over, whatever comes back of it.
    private static void Count(OpeningLease lease, OpeningGrant grant, long reserves)
    {
        if (grant.Day != lease.Day)
        {
            return;
        }

        lease.Reserves += reserves;
        lease.Unknown += grant.Invited ? 0 : reserves;
        lease.Reopened += grant.Reopened ? reserves : 0;
        lease.Dedicated += grant.Dedicated ? reserves : 0;
        Count(lease.ByRange, grant.Range, reserves);
        Count(lease.ByRange, grant.Site, reserves);
        Count(lease.ByDomain, grant.Domain, reserves);
    }

    private static void Count(Dictionary<ulong, long> tally, ulong? mark, long reserves)
    {
        if (mark is { } known && (tally[known] = tally.GetValueOrDefault(known) + reserves) <= 0)
        {
            tally.Remove(known);
        }
    }

    // Who has one network of IPv6 often has 65,536. Turned over, so that it is no network's own mark.
    private static ulong? SiteOf(ulong? range) => range > LastOfIpv4 ? ~(range & ~0xFFFFUL) : null;

    // Long enough that nobody finds a domain that passes for another's.
    private static ulong MarkOf(string domain) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(domain)));
}
