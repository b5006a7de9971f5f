using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using StellarPay.Frontdoor.Checkout.Embed;
using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.Checkout.WalletPay;
using StellarPay.Frontdoor.Merchants.Logos;
using StellarPay.Frontdoor.PaymentSessions;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>Makes pages: of sessions, by what is shown of them, and of what there is not.</summary>
internal sealed class CheckoutPages(CheckoutPayments payments, IServiceProvider services, ILoggerFactory logs)
{
    /// <summary>The page of a session as its payer sees it.</summary>
    /// <param name="sale">The session.</param>
    /// <param name="key">Its secret.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">The moment.</param>
    /// <param name="frame">In which pages it is; null for none.</param>
    /// <param name="sent">What has become of what was confirmed in this browser from a wallet here, while it can be paid.</param>
    public Task<string> OfSessionAsync(
        CheckoutSale sale, string key, HttpRequest request, DateTimeOffset now, PageFrame? frame, SentPayment sent)
    {
        var (session, texts) = (sale.Session, CheckoutTexts.For(request));
        var state = CheckoutStates.Of(session, now);
        // While something is under way that would pay it, its payer is not shown how to pay it once more; others are told not to.
        var isSent = sent == SentPayment.OnItsWay;
        var isOnItsWay = isSent || CheckoutStates.IsOnItsWay(session, now);
        var links = new PageLinks(session.Id, key, request.Query["asset"].FirstOrDefault(), frame?.Key);
        var due = isSent ? null : CheckoutPayments.DueIn(session, links.Asset, now);
        var name = isSent ? "wallet_sent" : CheckoutStates.NameOf(state);
        // Whose it is only the browser knows from which it was sent.
        var says = isOnItsWay && !isSent ? "on_its_way" : name;
        return RenderAsync(Begin(
            sale, texts, name, texts[says],
            isOnItsWay ? [texts[$"{says}_text"]] : SentencesOf(sale, state, sent, texts, IsLinkSent(request))) with
        {
            Description = session.Description,
            Items = [.. session.LineItems.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Quantity} × {item.Name}"))],
            Pay = due is null ? null : PayOf(sale, due, links, texts) with
            {
                Own = OwnOf(session, links, texts, request), WalletUrl = WalletOf(links, request, texts),
            },
            RefundLink = !isSent && sale.IsHeldFor && !IsLinkSent(request) ? new RefundLinkModel(links.RefundLink, key, frame?.Key) : null,
            Receipt = state is CheckoutState.Paid or CheckoutState.Overpaid ? ReceiptOf(session, texts) : [],
            // In a frame the shop's page is where he is; what he has paid for may be elsewhere. Nobody gives up what is on its way.
            Next = !isOnItsWay && (frame is null || session.Status == "paid") ? NextOf(session, sale.MerchantName, texts) : null,
            Frame = FrameOf(frame, session.Id),
            Live = new CheckoutLiveModel(
                links.Poll, links.Stream, links.Viewed, key, Script(now), Script(CheckoutStates.PayBy(session)), Script(session.ExpiresAt)),
            Version = CheckoutStates.VersionOf(session, now) + (sent == SentPayment.None ? "" : $".{sent}"),
            Follows = isSent,
            Languages = [.. CheckoutTexts.All.Select(other => (other, links.In(other.Language)))],
        });
    }

    /// <summary>The page of a session as whoever has its id alone sees it.</summary>
    public Task<string> OfBareSessionAsync(CheckoutSale sale, HttpRequest request, DateTimeOffset now)
    {
        var texts = CheckoutTexts.For(request);
        var heading = CheckoutStates.Of(sale.Session, now) switch
        {
            // How it stands, and no more.
            CheckoutState.Processing when CheckoutStates.IsOnItsWay(sale.Session, now) => CheckoutState.Waiting,
            CheckoutState.Underpaid => CheckoutState.Waiting,
            CheckoutState.Overpaid => CheckoutState.Paid,
            CheckoutState.Late or CheckoutState.Accepted => CheckoutState.Expired,
            var state => state,
        };
        var name = CheckoutStates.NameOf(heading);
        return RenderAsync(Begin(
            sale, texts, name, texts[name], heading.IsPayable() ? [texts.Of("bare_text", sale.MerchantName)] : []) with
        {
            Logo = null,
        });
    }

    /// <summary>That there is no such page.</summary>
    public Task<string> OfNothingAsync(HttpRequest request)
    {
        var texts = CheckoutTexts.For(request);
        return RenderAsync(new CheckoutPageModel(texts, CheckoutFiles.Assets, "none", "", [texts["not_found_text"]]));
    }

    /// <summary>That it was asked for too often.</summary>
    public Task<string> OfBusyAsync(HttpRequest request)
    {
        var texts = CheckoutTexts.For(request);
        return RenderAsync(new CheckoutPageModel(texts, CheckoutFiles.Assets, "busy", "", [texts["busy_text"]]));
    }

    /// <summary>What a page is in a frame.</summary>
    public static CheckoutFrameModel? FrameOf(PageFrame? frame, string? session) =>
        frame is null ? null : new CheckoutFrameModel(frame.Key, string.Join(' ', frame.Origins), session);

    /// <summary>What each page of a session begins with.</summary>
    public static CheckoutPageModel Begin(
        CheckoutSale sale, CheckoutTexts texts, string state, string heading, IReadOnlyList<string> sentences) =>
        new(texts, CheckoutFiles.Assets, state, heading, sentences)
        {
            MerchantName = sale.MerchantName,
            BrandColor = sale.BrandColor,
            Logo = LogoFiles.PathOf(sale.Logo),
            IsTest = !sale.Session.Livemode,
            // Money has its two places, or what it has; an asset no more than it needs.
            Price = $"{(sale.Session.AmountFiat ?? Short(sale.Session.AmountDecimal))} {sale.Session.Currency}",
        };

    private static bool IsLinkSent(HttpRequest request) => request.Query[PageLinks.RefundLinkParameter] == PageLinks.Sent;

    private static IReadOnlyList<string> SentencesOf(
        CheckoutSale sale, CheckoutState state, SentPayment sent, CheckoutTexts texts, bool isLinkSent)
    {
        var (session, name) = (sale.Session, CheckoutStates.NameOf(state));
        List<string> said =
        [
            state == CheckoutState.Underpaid
                ? texts.Of("underpaid_text", Short(session.Received ?? "0"), session.Asset)
                : texts.Of(state == CheckoutState.Late && sale.IsGivenBack ? "refund_returned_text" : $"{name}_text", sale.MerchantName),
        ];
        var isPart = session.Received is not null && state is CheckoutState.Expired or CheckoutState.Canceled;
        if (isPart && !sale.IsGivenBack)
        {
            said.Add(texts["partial_text"]);
        }

        if (sent == SentPayment.NotMade)
        {
            said.Add(texts["wallet_not_made_text"]);
        }

        if (session.WrongAsset)
        {
            said.Add(texts["wrong_asset_text"]);
        }

        // Where what pays for nothing is not held for him any more, or never was, its merchant knows more.
        if (sale.IsGivenBack)
        {
            said.AddRange(state == CheckoutState.Late ? [] : [texts["refund_returned_text"]]);
        }
        else if (sale.IsHeldFor || isPart || session.WrongAsset || state is CheckoutState.Late or CheckoutState.Overpaid)
        {
            said.Add(texts.Of(!sale.IsHeldFor ? "ask_text" : isLinkSent ? "refund_link_sent_text" : "refund_offer_text", sale.MerchantName));
        }

        return said;
    }

    private CheckoutPayModel PayOf(CheckoutSale sale, SessionAssetAnswer due, PageLinks links, CheckoutTexts texts) => new(
        due.Asset, Short(due.Amount), payments.UriOf(sale, due), links.Qr(due.Asset),
        [.. CheckoutStates.Dues(sale.Session).Select(each => (each.Asset, links.With(each.Asset), each.Asset == due.Asset))],
        [
            ("address", texts["address"], sale.Session.PayTo.Address), ("memo", texts["memo"], sale.Session.PayTo.Memo),
            ("memo_id", texts["memo_id"], sale.Session.PayTo.MemoId), ("muxed", texts["muxed"], sale.Session.PayTo.MuxedAddress),
        ],
        CheckoutStates.Text(CheckoutStates.PayBy(sale.Session)));

    // Whoever asked for a language has it there, too.
    private static string WalletOf(PageLinks links, HttpRequest request, CheckoutTexts texts) => new WalletPayLinks(
        links.Id, links.Key, links.Asset, request.Query.ContainsKey("lang") ? texts.Language : null).Page();

    private static OwnAddressModel? OwnOf(PaymentSessionAnswer session, PageLinks links, CheckoutTexts texts, HttpRequest request) =>
        session.DedicatedAddress switch
        {
            { Status: "offered" } => new(
                links.Address, links.Key, texts[request.Query["address"] == "refused" ? "own_refused" : "own_offer"], IsAsked: true, null,
                links.Embed),
            { Status: "opening" } => new(links.Address, links.Key, texts["own_opening"], IsAsked: false, null),
            { Status: "processing" } => new(links.Address, links.Key, texts["own_processing"], IsAsked: false, null),
            { Status: "open", Address: { } address } => new(links.Address, links.Key, texts["own_open"], IsAsked: false, address),
            _ => null,
        };

    private static (string Name, string Value)[] ReceiptOf(PaymentSessionAnswer session, CheckoutTexts texts) =>
    [
        (texts["received"], $"{Short(session.Received ?? "0")} {session.Asset}"),
        (texts["paid_at"], session.PaidAt is { } at ? CheckoutStates.Text(at) : ""),
        (texts["reference"], session.Id),
        (texts["transaction"], session.TxHash ?? ""),
    ];

    private static (string Url, string Text)? NextOf(PaymentSessionAnswer session, string merchant, CheckoutTexts texts) =>
        session.Status == "paid"
            ? ReturnUrl.Of(session) is { } on ? (on, texts.Of("go_on", merchant)) : null
            // Whose late payment was accepted has not given up.
            : session is { AcceptedAs: null, CancelUrl: { } back } ? (back, texts.Of("go_back", merchant)) : null;

    /// <summary>"12.5", not "12.5000000": what people read and type.</summary>
    public static string Short(string amount) =>
        amount.Contains('.', StringComparison.Ordinal) ? amount.TrimEnd('0').TrimEnd('.') : amount;

    private static string Script(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>A page, as text.</summary>
    public async Task<string> RenderAsync(CheckoutPageModel model)
    {
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<CheckoutPage>(
                ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(CheckoutPage.Model)] = model }));
            return page.ToHtmlString();
        });
    }
}
