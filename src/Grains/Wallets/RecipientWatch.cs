using Microsoft.Extensions.Logging;
using StellarPay.Grains.Payments;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Looks whether the recipients have accounts for whom confirmed payments wait. Our own books tell, beside the turns; a turn judges. No
/// grain is called: a wallet calls no wallet.
/// </summary>
internal sealed partial class RecipientWatch(IWalletContext wallet, IPayeeAccounts payees, ILogger logger)
{
    /// <summary>Why a payment failed whose recipient had no account in time.</summary>
    public const string NotOpened = "recipient_not_opened";

    private bool _looking;

    /// <summary>When to look next; null where nothing waits.</summary>
    public static DateTimeOffset? DueAt(WalletState state)
    {
        var due = default(DateTimeOffset?);
        foreach (var payment in state.Payments)
        {
            if (payment is { Status: PaymentStatus.Queued, Opening.LookAt: { } at } && !(due <= at))
            {
                due = at;
            }
        }

        return due;
    }

    /// <summary>Whether it is time to look.</summary>
    public static bool IsDue(WalletState state, DateTimeOffset now) => DueAt(state) <= now;

    /// <summary>Looks, unless that is being done.</summary>
    public void Start()
    {
        if (!_looking)
        {
            _looking = true;
            wallet.RunBeside(LookAsync);
        }
    }

    private async Task LookAsync()
    {
        HashSet<string> open = new(StringComparer.Ordinal);
        try
        {
            foreach (var account in Due().Select(AccountOf).Distinct(StringComparer.Ordinal).ToArray())
            {
                if (await payees.FindStatusAsync(account, CancellationToken.None) == WalletStatus.Active)
                {
                    open.Add(account);
                }
            }
        }
        catch (Exception exception)
        {
            // What was not found out is looked at again later, as what is not so yet.
            LogNotFound(exception, wallet.Key);
        }

        try
        {
            await wallet.InTurnAsync(() => JudgeAsync(open));
        }
        finally
        {
            _looking = false;
        }
    }

    private async Task<int> JudgeAsync(HashSet<string> open)
    {
        var due = Due().ToArray();
        foreach (var payment in due)
        {
            if (open.Contains(AccountOf(payment)))
            {
                wallet.Book.Payments.Opened(payment);
            }
            else if (payment.Opening!.Until <= wallet.Now)
            {
                wallet.Book.Payments.Deny(payment, NotOpened, wallet.Now);
            }
            else
            {
                payment.Opening.Again(wallet.Now);
            }
        }

        if (due.Length > 0)
        {
            await wallet.SaveAsync();
            wallet.Engine.StartNext();
        }

        return due.Length;
    }

    private IEnumerable<PaymentRecord> Due() => wallet.State.Payments.Where(
        payment => payment is { Status: PaymentStatus.Queued, Opening.LookAt: { } at } && at <= wallet.Now);

    private static string AccountOf(PaymentRecord payment) => MuxedAccount.Parse(payment.Destination).AccountId.ToString();

    [LoggerMessage(1711, LogLevel.Warning, "Wallet {Wallet} could not look whether those have accounts whom its payments wait for")]
    private partial void LogNotFound(Exception exception, string wallet);
}
