using StellarPay.Frontdoor.Checkout.Memory;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>
/// Makes the pages on which a session is paid from a wallet here. Whoever types a password there should see whose page it is: of the
/// merchant there is his name and his price, and neither his colour nor what else he says.
/// </summary>
internal sealed class WalletPayPages(CheckoutPages pages)
{
    /// <summary>The page that asks for name and password.</summary>
    public Task<string> LogInAsync(CheckoutSale sale, WalletPayLinks links, HttpRequest request, string? why, string? name = null) =>
        RenderAsync(sale, links, request, "wallet_login", "wallet_login_text", why, wallet => wallet with
        {
            LogInUrl = links.Action("login"), Name = name,
        });

    /// <summary>The page that asks for a second factor.</summary>
    public Task<string> FactorAsync(CheckoutSale sale, WalletPayLinks links, HttpRequest request, string? why) =>
        RenderAsync(sale, links, request, "wallet_code", "wallet_code_text", why, wallet => wallet with
        {
            FactorUrl = links.Action("factor"), LeaveUrl = links.Action("leave"),
        });

    /// <summary>The page on which one click pays.</summary>
    public Task<string> ConfirmAsync(
        CheckoutSale sale, WalletPayLinks links, HttpRequest request, string? why, string name, WalletSnapshot wallet, PaymentView payment)
    {
        var texts = CheckoutTexts.For(request);
        return RenderAsync(sale, links, request, "wallet_confirm", null, why, model => model with
        {
            Terms = TermsOf(texts, sale, name, wallet, payment),
            Pay = (links.Action("pay"), payment.Id.Value, texts.Of("wallet_now", TextOf(payment.Amount))),
            Choices = ChoicesOf(texts, sale, wallet, payment), ChooseUrl = links.Action("quote"), LeaveUrl = links.Action("leave"),
        });
    }

    /// <summary>The page that says why nothing can be paid, or asks in what.</summary>
    /// <param name="sale">The session.</param>
    /// <param name="links">Where its pages are.</param>
    /// <param name="request">The request.</param>
    /// <param name="why">Why it is shown.</param>
    /// <param name="name">Who is logged in.</param>
    /// <param name="wallet">His wallet; null where there is none.</param>
    public Task<string> ChooseAsync(
        CheckoutSale sale, WalletPayLinks links, HttpRequest request, string? why, string name, WalletSnapshot? wallet)
    {
        var texts = CheckoutTexts.For(request);
        return RenderAsync(sale, links, request, "wallet_confirm", null, why, model => model with
        {
            Terms = [(texts["wallet_from"], name)],
            Choices = wallet is null ? [] : ChoicesOf(texts, sale, wallet, quoted: null),
            ChooseUrl = links.Action("quote"), LeaveUrl = links.Action("leave"),
        });
    }

    /// <summary>
    /// That a page was asked for otherwise than from a window of its own, or its form from elsewhere, or it cannot be made now.
    /// </summary>
    public Task<string> RefusalAsync(HttpRequest request, string text)
    {
        var texts = CheckoutTexts.For(request);
        return pages.RenderAsync(new CheckoutPageModel(texts, CheckoutFiles.Assets, "busy", "", [texts[text]]));
    }

    private Task<string> RenderAsync(
        CheckoutSale sale, WalletPayLinks links, HttpRequest request, string state, string? sentence, string? why,
        Func<CheckoutWalletModel, CheckoutWalletModel> fill)
    {
        var texts = CheckoutTexts.For(request);
        var wrong = WalletPayReasons.TextFor(why);
        return pages.RenderAsync(CheckoutPages.Begin(sale, texts, state, texts[state], sentence is null ? [] : [texts[sentence]]) with
        {
            BrandColor = null,
            Logo = null,
            Wallet = fill(new CheckoutWalletModel(links.Key, links.Checkout)
            {
                Asset = links.Asset, Wrong = wrong is null ? null : texts[wrong],
            }),
            Languages =
            [
                .. CheckoutTexts.All.Select(other => (
                    other, (links with { Language = other.Language }).Page(request.Query[WalletPayLinks.Payment].FirstOrDefault(), why))),
            ],
        });
    }

    private static List<(string Name, string Value)> TermsOf(
        CheckoutTexts texts, CheckoutSale sale, string name, WalletSnapshot wallet, PaymentView payment)
    {
        List<(string, string)> terms = [(texts["wallet_from"], name), (texts["wallet_gets"], TextOf(payment.Amount))];
        var leaving = payment.Amount;
        if (payment.Path is { } path)
        {
            leaving = new Amount(path.Source.Asset, path.SourceMaxStroops);
            terms.Add((texts["wallet_pays"], TextOf(path.Source)));
            terms.Add((texts["wallet_at_most"], TextOf(leaving)));
        }

        terms.Add((texts["wallet_fee"], TextOf(new Amount(leaving.Asset, payment.FeeStroops))));
        if (Array.Find(wallet.Wallet.Balances, each => each.Asset == leaving.Asset) is { } balance)
        {
            var left = checked(balance.Balance - leaving.Stroops - payment.FeeStroops);
            terms.Add((texts["wallet_left"], TextOf(new Amount(leaving.Asset, Math.Max(0, left)))));
        }

        return terms;
    }

    // What the session takes, and for the first of it what else the wallet holds.
    private static List<(string Asset, string? Source, string Text)> ChoicesOf(
        CheckoutTexts texts, CheckoutSale sale, WalletSnapshot wallet, PaymentView? quoted)
    {
        var dues = CheckoutStates.Dues(sale.Session).ToArray();
        var paying = quoted?.Path?.Source.Asset ?? quoted?.Amount.Asset;
        var direct = dues.Where(due => due.Canonical() != paying?.Canonical)
            .Select(due => (due.Canonical(), (string?)null, texts.Of("wallet_in", $"{CheckoutPages.Short(due.Amount)} {due.Asset}")));
        var others = wallet.Wallet.Balances
            .Where(balance => balance.Spendable > 0 && balance.Asset != paying
                && dues.All(due => due.Canonical() != balance.Asset.Canonical))
            .Select(balance => (
                dues[0].Canonical(), (string?)balance.Asset.Canonical, texts.Of("wallet_with", balance.Asset.Code)));
        return [.. direct, .. others];
    }

    private static string TextOf(Amount amount) => $"{CheckoutPages.Short(amount.ToDecimalString())} {amount.Asset.Code}";
}
