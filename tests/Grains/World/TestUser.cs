using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.World;

/// <summary>A user, and short ways to do what users do.</summary>
internal sealed record TestUser(TestWorld World, UserId Id, IWalletGrain Wallet)
{
    public string Key => WalletId.Of(Id).Value;

    public Task<Result<WalletView>> CreateAsync() => Wallet.CreateAsync(Id);

    public Task<Result<WalletView>> OpenAsync() => Wallet.OpenAsync(Id);

    public Task<Result<WalletView>> FundAsync() => Wallet.FundFromFriendbotAsync(Id);

    public async Task<string> AddressAsync() => (await Wallet.GetAddressAsync()).Value!;

    public async Task<WalletView> ViewAsync() => (await Wallet.GetAsync(Id)).Value!;

    public async Task<AssetBalance> UsdcAsync() =>
        (await ViewAsync()).Balances.Single(b => b.Asset.Canonical == World.Network.Usdc);

    public async Task<PaymentView> PaymentAsync(PaymentId payment) => (await Wallet.GetPaymentAsync(Id, payment)).Value!;

    public Task<Result<PaymentView>> QuoteAsync(
        string destination, string amount, string? key = null, string? memo = null, string asset = "USDC") =>
        Wallet.QuoteAsync(Id, new QuoteRequest(destination, destination, asset, amount, memo, key));

    public async Task<PaymentView> QuotedAsync(string destination, string amount)
    {
        var quote = await QuoteAsync(destination, amount);
        quote.Error.ShouldBeNull();
        return quote.Value!;
    }

    public Task<Result<PaymentView>> ConfirmAsync(PaymentId payment, string? key = null, PayerProof proof = PayerProof.Session) =>
        Wallet.ConfirmAsync(Id, payment, key, proof);

    public Task<Result<PaymentView>> CancelAsync(PaymentId payment) => Wallet.CancelAsync(Id, payment);

    /// <summary>Quotes and confirms.</summary>
    public async Task<PaymentView> PayAsync(string destination, string amount) =>
        await ConfirmedAsync((await QuotedAsync(destination, amount)).Id);

    public async Task<PaymentView> ConfirmedAsync(PaymentId payment)
    {
        var confirmed = await ConfirmAsync(payment);
        confirmed.Error.ShouldBeNull();
        return confirmed.Value!;
    }

    public Task UntilActiveAsync() => TestWorld.UntilAsync(
        async () => (await ViewAsync()).Status == WalletStatus.Active, "the wallet is active");

    public Task UntilBalanceAsync(long stroops) => TestWorld.UntilAsync(
        async () => (await UsdcAsync()).Balance == stroops, $"the balance is {stroops}");

    /// <summary>The network has answered that it has the payment's transaction.</summary>
    public Task UntilSubmittedAsync(PaymentId payment) => TestWorld.UntilAsync(
        async () => (await Wallet.GetTraceAsync(Id, payment)).Value!.Steps.Any(s => s is { Step: TraceSteps.Submitted, Answer: "pending" }),
        $"the network has payment {payment}");

    public async Task<PaymentView> UntilAsync(PaymentId payment, PaymentStatus status)
    {
        await TestWorld.UntilAsync(
            async () => (await PaymentAsync(payment)).Status == status, $"payment {payment} is {status}");
        return await PaymentAsync(payment);
    }
}
