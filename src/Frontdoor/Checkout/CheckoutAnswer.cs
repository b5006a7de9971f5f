using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.PaymentSessions;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>
/// What a payment session's page shows. Without the secret no more than what the session asks for, of whom, and how it stands: the rest is
/// null then.
/// </summary>
/// <param name="Id">The session.</param>
/// <param name="Object">Always <c>checkout</c>.</param>
/// <param name="Livemode">Whether payments are real here.</param>
/// <param name="MerchantName">What the merchant is called.</param>
/// <param name="Status">created, paid, expired or canceled.</param>
/// <param name="Currency">The price's currency: an ISO 4217 code, or an asset's code.</param>
/// <param name="AmountDecimal">The price as a decimal string.</param>
/// <param name="State">
/// What the page shows: waiting, underpaid, processing (a wallet of StellarPay has signed what completes it, and nobody else should pay
/// now; or its time is over and not all ledgers are read, where nothing can be sent: assets is null then), paid, overpaid, expired, late,
/// accepted (what came late was) or canceled.
/// </param>
/// <param name="Description">What is sold, or null.</param>
/// <param name="LineItems">What is sold, one by one.</param>
/// <param name="Assets">What is to be sent now: one of these. Null where nothing is.</param>
/// <param name="PayTo">Where it is to be sent; null where nothing is.</param>
/// <param name="DedicatedAddress">Another address, which needs no memo, where it offers one; null where nothing is to be sent.</param>
/// <param name="Asset">In what something has come, or null.</param>
/// <param name="Received">How much of that counted, or null.</param>
/// <param name="WrongAsset">Whether something came in an asset that it does not take.</param>
/// <param name="PayBy">Until when people are told to pay: a little before it ends.</param>
/// <param name="ExpiresAt">Until when it can be paid.</param>
/// <param name="PaidAt">When it was paid, or null.</param>
/// <param name="TxHash">The transaction that completed it; null before.</param>
/// <param name="SuccessUrl">Where the payer goes on; null before it is paid.</param>
/// <param name="CancelUrl">
/// Where the payer goes back; null once it is paid, or what came late was accepted, and while somebody has signed what completes it.
/// </param>
internal sealed record CheckoutAnswer(
    string Id,
    string Object,
    bool Livemode,
    string MerchantName,
    string Status,
    string Currency,
    string AmountDecimal,
    string? State = null,
    string? Description = null,
    CheckoutItemAnswer[]? LineItems = null,
    CheckoutDueAnswer[]? Assets = null,
    PayToAnswer? PayTo = null,
    DedicatedAddressAnswer? DedicatedAddress = null,
    string? Asset = null,
    string? Received = null,
    bool? WrongAsset = null,
    DateTimeOffset? PayBy = null,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset? PaidAt = null,
    string? TxHash = null,
    string? SuccessUrl = null,
    string? CancelUrl = null)
{
    /// <summary>What is shown to whoever has the id alone.</summary>
    public static CheckoutAnswer Bare(CheckoutSale sale) => new(
        sale.Session.Id, "checkout", sale.Session.Livemode, sale.MerchantName, sale.Session.Status, sale.Session.Currency,
        sale.Session.AmountDecimal);

    /// <summary>What is shown to whoever has the secret.</summary>
    public static CheckoutAnswer Of(CheckoutSale sale, CheckoutPayments payments, DateTimeOffset now)
    {
        var session = sale.Session;
        var (state, isPayable) = (CheckoutStates.Of(session, now), CheckoutStates.IsPayable(session, now));
        return Bare(sale) with
        {
            State = CheckoutStates.NameOf(state),
            Description = session.Description,
            LineItems = [.. session.LineItems.Select(item => new CheckoutItemAnswer(item.Name, item.Quantity, item.Amount))],
            Assets = isPayable
                ? [
                    .. CheckoutStates.Dues(session)
                        .Select(due => new CheckoutDueAnswer(due.Asset, due.Issuer, due.Amount, payments.UriOf(sale, due))),
                ]
                : null,
            PayTo = isPayable ? session.PayTo : null,
            DedicatedAddress = isPayable ? session.DedicatedAddress : null,
            Asset = session.Received is null ? null : session.Asset,
            Received = session.Received,
            WrongAsset = session.WrongAsset,
            PayBy = CheckoutStates.PayBy(session),
            ExpiresAt = session.ExpiresAt,
            PaidAt = session.PaidAt,
            TxHash = session.Status == "paid" ? session.TxHash : null,
            SuccessUrl = session.Status == "paid" ? ReturnUrl.Of(session) : null,
            // Nobody gives up what is on its way.
            CancelUrl = session.Status == "paid" || session.AcceptedAs is not null || CheckoutStates.IsOnItsWay(session, now)
                ? null
                : session.CancelUrl,
        };
    }
}

/// <summary>One of the things that are sold.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Amount">What one costs, or null.</param>
internal sealed record CheckoutItemAnswer(string Name, int Quantity, string? Amount);

/// <summary>What is to be sent in one asset.</summary>
/// <param name="Asset">The asset's code.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Amount">How much.</param>
/// <param name="Uri">The same as a request that wallets understand (SEP-7).</param>
internal sealed record CheckoutDueAnswer(string Asset, string? Issuer, string Amount, string Uri);
