using Microsoft.Extensions.Options;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// For which payments somebody who has a second factor must have shown it a few minutes ago: those of much, and those of some to a
/// recipient whom he has not paid so before. Many small ones count as one, or whoever has a stolen session pays in pieces.
/// </summary>
internal sealed class WalletStepUp(IOptions<LimitOptions> limits)
{
    private readonly long _most = UnitsOf(limits.Value.WithoutStepUp);
    private readonly long _mostToNew = UnitsOf(limits.Value.WithoutStepUpToNewRecipients);

    /// <summary>Why a payment may not be confirmed, or null.</summary>
    /// <param name="state">The wallet.</param>
    /// <param name="destination">The account that is paid.</param>
    /// <param name="units">What it is worth, in ten-millionths of the reference currency.</param>
    /// <param name="proof">What stands for it that its payer asks.</param>
    public Error? Check(WalletState state, string destination, long units, PayerProof proof)
    {
        if (!IsAsked(state, proof))
        {
            return null;
        }

        var factor = state.SecondFactor ?? new SecondFactorRecord();
        return IsWithin(_most, factor.Unshown, units) && (factor.Knows(destination) || IsWithin(_mostToNew, factor.UnshownToNew, units))
            ? null
            : StepUpRefusal.Required;
    }

    /// <summary>Why nothing may be set aside for somebody of whom no more than a name is known, or null. He is new.</summary>
    public Error? CheckNew(WalletState state, long units, PayerProof proof) =>
        !IsAsked(state, proof)
        || (IsWithin(_most, state.SecondFactor?.Unshown ?? 0, units) && IsWithin(_mostToNew, state.SecondFactor?.UnshownToNew ?? 0, units))
            ? null
            : StepUpRefusal.Required;

    /// <summary>
    /// Counts what is set aside for somebody among what its owner gives away without the factor; stored with it. It is asked for then and
    /// not when it is paid, or he who sets one up afterwards takes it back from whoever has a right to it.
    /// </summary>
    public static void CountInvited(WalletState state, long units, PayerProof proof)
    {
        if (proof != PayerProof.FactorShown && state.SecondFactor is { IsSet: true } factor)
        {
            // Checked, so it cannot overflow.
            (factor.Unshown, factor.UnshownToNew) = (factor.Unshown + units, factor.UnshownToNew + units);
        }
    }

    /// <summary>Says of a quote whether it wants the factor: whoever is shown it is asked before he confirms, not by a refusal.</summary>
    public Result<PaymentView> Foretell(IWalletContext wallet, Result<PaymentView> quoted, PayerProof proof) =>
        quoted is { IsSuccess: true, Value: { Status: PaymentStatus.Pending } quote }
        && wallet.Book.Payments.Find(quote.Id.Value) is { } payment
            ? quote with { NeedsStepUp = Check(wallet.State, payment.Destination, payment.LimitUnits, proof) is not null }
            : quoted;

    /// <summary>Why all that the wallet holds may not be given away, or null.</summary>
    public static Error? CheckAll(WalletState state, PayerProof proof) => IsAsked(state, proof) ? StepUpRefusal.Required : null;

    /// <summary>Counts a payment that is confirmed; stored with it.</summary>
    public static void Count(WalletState state, PaymentRecord payment, PayerProof proof)
    {
        if (state.SecondFactor is not { IsSet: true } factor)
        {
            return;
        }

        if (proof == PayerProof.FactorShown)
        {
            payment.FactorShown = true;
            (factor.Unshown, factor.UnshownToNew) = (0, 0);
        }
        else if (proof != PayerProof.StandingOrder)
        {
            // Checked, so it cannot overflow.
            factor.Unshown += payment.LimitUnits;
            factor.UnshownToNew += factor.Knows(payment.Destination) ? 0 : payment.LimitUnits;
        }
    }

    /// <summary>A payment is on the ledger. Whoever was paid so is no new recipient any more.</summary>
    public static void Settled(WalletState state, PaymentRecord payment)
    {
        if (payment.FactorShown && state.SecondFactor is { IsSet: true } factor)
        {
            factor.Remember(payment.Destination);
        }

        payment.FactorShown = false;
    }

    // What either knows counts: the wallet may not have been told yet.
    private static bool IsAsked(WalletState state, PayerProof proof) => proof switch
    {
        PayerProof.FactorShown or PayerProof.StandingOrder => false,
        PayerProof.FactorNotShown => true,
        _ => state.SecondFactor is { IsSet: true },
    };

    private static bool IsWithin(long most, long before, long units) => units <= most && before <= most - units;

    private static long UnitsOf(string amount) => Amount.TryParseStroops(amount, out var units)
        ? units
        : throw new InvalidOperationException($"Limits: '{amount}' is not an amount.");
}
