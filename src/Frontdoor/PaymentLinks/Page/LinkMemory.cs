using System.Collections.Concurrent;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Registration;

namespace StellarPay.Frontdoor.PaymentLinks.Page;

/// <summary>A link with whose it is, as its page needs it.</summary>
/// <param name="Link">The link.</param>
/// <param name="Merchant">Whose it is.</param>
internal sealed record LinkSale(PaymentLink Link, Merchant Merchant)
{
    public LinkStatus StatusAt(DateTimeOffset now) =>
        Merchant.Status == MerchantStatus.Active ? Link.StatusAt(now) : LinkStatus.Inactive;
}

/// <summary>
/// The links whose pages are looked at here: each is read once in a few seconds, however many look. What is not there is not kept, so that
/// nobody fills it with what he makes up.
/// </summary>
internal sealed class LinkMemory(PaymentLinkStore store, MerchantBook merchants, TimeProvider time)
{
    private const int Most = 10_000;
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, (long Since, LinkSale Sale)> _sales = new(StringComparer.Ordinal);

    /// <summary>A link as it was a moment ago; null where there is none.</summary>
    public async Task<LinkSale?> FindAsync(string slug, CancellationToken cancellationToken)
    {
        if (_sales.TryGetValue(slug, out var kept) && time.GetElapsedTime(kept.Since) < Lasts)
        {
            return kept.Sale;
        }

        var since = time.GetTimestamp();
        if (await ReadAsync(slug, cancellationToken) is not { } sale)
        {
            _sales.TryRemove(slug, out _);
            return null;
        }

        if (_sales.Count >= Most)
        {
            _sales.Clear();
        }

        _sales[slug] = (since, sale);
        return sale;
    }

    /// <summary>A link as it is.</summary>
    public async Task<LinkSale?> ReadAsync(string slug, CancellationToken cancellationToken) =>
        await store.FindBySlugAsync(slug, cancellationToken) is { } link
        && await merchants.FindAsync(link.Merchant, user: null, cancellationToken) is { } merchant
            ? new LinkSale(link, merchant)
            : null;
}
