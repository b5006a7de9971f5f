using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Money;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Checkout.RefundClaims;

/// <summary>Makes the page on which what is held for a session's payers is claimed.</summary>
internal sealed class RefundClaimPages(CheckoutPages pages)
{
    private const string Claimable = "refund";
    private const string Pending = "refund_pending";
    private const string Done = "refund_done";
    private const string None = "refund_none";

    /// <summary>The page.</summary>
    /// <param name="found">The session.</param>
    /// <param name="links">Where it leads.</param>
    /// <param name="request">The request.</param>
    /// <param name="payment">Of which payment something is to be said, as its address says.</param>
    /// <param name="why">Why nothing of that was sent, as it says.</param>
    public Task<string> OfAsync(ClaimedSale found, RefundClaimLinks links, HttpRequest request, string? payment, string? why)
    {
        var (texts, claims, merchant) = (CheckoutTexts.For(request), found.Claims, found.Sale.MerchantName);
        var state = StateOf(claims);
        return pages.RenderAsync(CheckoutPages.Begin(found.Sale, texts, state, texts[state], state switch
        {
            Claimable => [texts.Of("refund_text", merchant)],
            None => [texts.Of("refund_none_text", merchant)],
            _ => [],
        }) with
        {
            Title = texts.Of("refund_title", merchant),
            Refunds = [.. claims.Select((claim, at) => ModelOf(claim, at, merchant, links, texts, payment, why))],
            Version = VersionOf(claims),
            // What waits for money may wait for long.
            Follows = claims.Any(claim => claim.Refund is { Status: RefundStatus.Pending, PendingReason: null }),
            Languages = [.. CheckoutTexts.All.Select(other => (other, links.In(other.Language)))],
        });
    }

    /// <summary>That nothing could be done, or not from where it was asked.</summary>
    public Task<string> RefusalAsync(HttpRequest request)
    {
        var texts = CheckoutTexts.For(request);
        return pages.RenderAsync(new CheckoutPageModel(texts, CheckoutFiles.Assets, "busy", "", [texts["refund_unavailable_text"]]));
    }

    /// <summary>A text that names a payment as it is named here; null where it names none.</summary>
    public static string? NameIn(string? payment) => OperationIds.Find(payment ?? "") is { } place
        ? string.Create(CultureInfo.InvariantCulture, $"{place.Token}-{place.Number}")
        : null;

    private static string StateOf(RefundClaim[] claims) =>
        claims.Any(claim => claim.Refund is { Status: RefundStatus.Pending }) ? Pending
        : claims.Any(claim => claim.To is not null) ? Claimable
        : claims.Any(claim => claim.Refund is { Status: RefundStatus.Succeeded }) ? Done
        : None;

    private static RefundClaimModel ModelOf(
        RefundClaim claim, int at, string merchant, RefundClaimLinks links, CheckoutTexts texts, string? payment, string? why)
    {
        var name = NameOf(claim);
        var refused = payment == name && RefundClaimReasons.Read(why) is { } code ? code : null;
        // The address may say it for long, and something else have become of it since.
        var isOver = claim.To is null || claim.Refund is { Status: RefundStatus.Pending };
        var wrong = !isOver && RefundClaimReasons.TextFor(refused) is { } text ? texts.Of(text, merchant) : null;
        return new RefundClaimModel(
            string.Create(CultureInfo.InvariantCulture, $"claim{at}"), texts[KindOf(claim)],
            [.. FactsOf(claim, texts)], [.. SentencesOf(claim, merchant, texts).Where(sentence => sentence != wrong)])
        {
            Wrong = wrong,
            Ask = claim.To is null ? null
                : new RefundAskModel(
                    links.Action, links.Payer, links.Key, name, claim.IsAtRisk ? texts["refund_own_account"] : null,
                    texts.Of("refund_ask", TextOf(claim.Left, claim.Payment.Asset))),
        };
    }

    private static IEnumerable<(string Name, string Value)> FactsOf(RefundClaim claim, CheckoutTexts texts)
    {
        yield return (texts["received"], TextOf(claim.Payment.Stroops, claim.Payment.Asset));
        yield return (texts["refund_from"], claim.Payment.FromMuxed ?? claim.Payment.From ?? "–");
        yield return (texts["transaction"], claim.Payment.TransactionHash);
        if (claim.To is { } to)
        {
            yield return (texts["refund_to"], to);
            if (claim.Memo is { } memo)
            {
                yield return (texts["refund_memo"], memo.Value);
            }
        }

        foreach (var leg in claim is { To: null, Refund: { Status: not RefundStatus.Failed } sent } ? sent.Legs : [])
        {
            yield return (texts["refund_to"], leg.To);
            if (leg.Memo is { } memo)
            {
                yield return (texts["refund_memo"], memo.Value);
            }
        }

        if (claim.Refund is { Status: RefundStatus.Succeeded } paid && paid.Legs[0].TransactionHash is { } hash)
        {
            yield return (texts["refund_went"], hash);
        }
    }

    private static IEnumerable<string> SentencesOf(RefundClaim claim, string merchant, CheckoutTexts texts)
    {
        // What failed, and its merchant accepted or took since, is not held any more.
        if (claim.Refund is { } refund
            && !(refund.Status == RefundStatus.Failed && claim.Refusal is RefundClaimReasons.Accepted or RefundClaimReasons.NotHeld))
        {
            var amount = TextOf(refund.Stroops, refund.Asset);
            yield return refund switch
            {
                { Status: RefundStatus.Succeeded } => texts.Of("refund_sent_text", amount),
                { Status: RefundStatus.Failed } => texts.Of(RefundClaimReasons.TextForFailed(refund.FailureReason), merchant),
                { PendingReason: not null } => texts.Of("refund_waits_text", amount, merchant),
                _ => texts.Of("refund_on_its_way_text", amount),
            };
        }

        if (RefundClaimReasons.TextFor(claim.Refusal) is { } why)
        {
            yield return texts.Of(why, merchant);
        }
    }

    private static string KindOf(RefundClaim claim) => claim.Payment.Verdict switch
    {
        SessionPaymentVerdict.Late => "refund_late",
        SessionPaymentVerdict.Overpaid => "refund_overpaid",
        SessionPaymentVerdict.WrongAsset => "refund_wrong_asset",
        _ => "refund_partial",
    };

    private static string NameOf(RefundClaim claim) =>
        string.Create(CultureInfo.InvariantCulture, $"{claim.Payment.Token}-{claim.Payment.Number}");

    private static string TextOf(long stroops, string asset) =>
        $"{CheckoutPages.Short(Amount.Format(stroops))} {(Asset.TryParse(asset, out var parsed) ? parsed.Code : asset)}";

    // Another one whenever something else is shown.
    private static string VersionOf(RefundClaim[] claims) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n',
        claims.Select(claim => string.Create(
            CultureInfo.InvariantCulture,
            $"{NameOf(claim)} {claim.Left} {claim.Refusal} {claim.Refund?.Id} {claim.Refund?.Status} {claim.Refund?.PendingReason} {claim.To}")))))
        .AsSpan(0, 8));
}
