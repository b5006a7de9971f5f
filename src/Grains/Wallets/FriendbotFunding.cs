using StellarPay.Grains.Costs;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>Test XLM of the network's friendbot.</summary>
internal static class FriendbotFunding
{
    /// <summary>Has friendbot pay into a wallet's account; beside its turns.</summary>
    public static async Task<Result<WalletView>> FundAsync(
        IWalletContext wallet, bool isThere, INetworkGateway gateway, UserBudgets budgets, CancellationToken cancellationToken)
    {
        if (!isThere)
        {
            return new Error(ErrorKind.Refused, "friendbot_unavailable", "This network has no friendbot.");
        }

        if (IWalletContext.CheckActive(wallet.State) is { } refusal)
        {
            return refusal;
        }

        // Counted before it is asked: whoever asks again and again gets no more for an answer that was lost.
        if (await wallet.InTurnAsync(() => CountAsync(wallet, budgets)) is { } used)
        {
            return used;
        }

        try
        {
            var funded = await gateway.FundAsync(wallet.State.Address, cancellationToken);
            return funded.IsSuccess
                ? await wallet.InTurnAsync(() => Task.FromResult<Result<WalletView>>(wallet.View()))
                : funded.Error;
        }
        catch (NetworkUnavailableException)
        {
            return QuoteFactsReader.Unavailable;
        }
    }

    private static async Task<Error?> CountAsync(IWalletContext wallet, UserBudgets budgets)
    {
        if (budgets.CheckFriendbot(wallet.State, wallet.Now) is { } used)
        {
            return used;
        }

        UserDay.Count(wallet.State, wallet.Now).Friendbot++;
        await wallet.SaveAsync();
        return null;
    }
}
