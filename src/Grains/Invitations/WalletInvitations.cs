using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Invitations;

/// <summary>
/// What a sender asks of his invitations, and what he is told of them: the amount is checked as a payment's, and reserved. What becomes
/// of one whose name is confirmed, or is not, is <see cref="InvitationWatch"/>'s.
/// </summary>
internal sealed partial class WalletInvitations(
    IPaymentGate gate, WalletCompliance compliance, WalletLimitRules limits, WalletStepUp stepUp, MinimumPayment minimum,
    QuoteFactsReader reader, IInvitationRefusals refusals, IOptions<InvitationOptions> options, IOptions<NetworkOptions> network,
    ILogger<WalletInvitations> logger)
{
    private const string Operation = "invite";

    private readonly IReadOnlyList<string> _assets = network.Value.Assets;

    /// <summary>For how long after its own time one is held whose sender may not pay for a while.</summary>
    public TimeSpan LongestHold => TimeSpan.FromDays(options.Value.Days);

    /// <summary>How many that are over a wallet keeps.</summary>
    public int KeptOver => InvitationBook.KeptOverOf(options.Value);

    /// <summary>Sets an amount aside for whoever confirms a name.</summary>
    public async Task<Result<InvitationView>> InviteAsync(
        IWalletContext wallet, InvitationRequest request, CancellationToken cancellationToken)
    {
        if (await AnsweredAsync(wallet, request, cancellationToken) is { } answered)
        {
            return answered;
        }

        if (await gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        var read = Read(request);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        // A market tells it, which may be slow.
        var worth = await limits.WorthAsync(read.Value.Asset, read.Value.Stroops, wallet.Now, cancellationToken);
        var own = default(NetworkAccount);
        if (QuoteRules.HasReserve(wallet.State, read.Value))
        {
            // What this wallet alone shows to be in vain costs the network no question.
            if ((worth.Refusal ?? Check(wallet, request, read.Value, worth)) is { } hopeless)
            {
                return hopeless;
            }

            (own, var unknown) = await reader.ReadOwnAsync(wallet.State.Address, cancellationToken);
            if (unknown is not null)
            {
                return unknown;
            }
        }

        return await UnlessRefusedAsync(
            () => wallet.InTurnAsync(() => DecideAsync(wallet, request, read.Value, worth, own, cancellationToken)),
            () => wallet.InTurnAsync(() => CountRefusedAsync(wallet)));
    }

    /// <summary>What was answered to the same request under the same key.</summary>
    public static async Task<Result<InvitationView>> FindAsync(
        IWalletContext wallet, InvitationRequest request, CancellationToken cancellationToken) =>
        await AnsweredAsync(wallet, request, cancellationToken) ?? InvitationErrors.NotFound;

    /// <summary>Takes back one whose name nobody has confirmed.</summary>
    public Task<Result<InvitationView>> CancelAsync(IWalletContext wallet, InvitationId id) =>
        UnlessRefusedAsync(() => wallet.InTurnAsync(async () =>
        {
            switch (wallet.Book.Invitations.Find(id))
            {
                case null:
                    return (Result<InvitationView>)InvitationErrors.NotFound;
                case { Status: InvitationStatus.Cancelled } cancelled:
                    return cancelled.ToView();
                case { Status: InvitationStatus.Open } open:
                    wallet.Book.Invitations.Cancel(open, wallet.Now);
                    await wallet.SaveAsync();
                    return open.ToView();
                default:
                    return InvitationErrors.NotCancellable;
            }
        }));

    /// <summary>A name was confirmed in time. In a turn.</summary>
    public async Task<Result<InvitationView>> TakeAsync(IWalletContext wallet, InvitationId id, UserId user, string name, TimeSpan longest)
    {
        var invitation = wallet.Book.Invitations.Find(id);
        if (invitation is { Status: InvitationStatus.Open })
        {
            wallet.Book.Invitations.Take(invitation, user, name, wallet.Now, longest);
            LogTaken(id.Value, wallet.Key);
        }

        wallet.Book.Invitations.Heard(id);
        await wallet.SaveAsync();
        return invitation is null ? InvitationErrors.NotFound : invitation.ToView();
    }

    // In a turn: whatever is awaited comes before the first change.
    private async Task<Result<InvitationView>> DecideAsync(
        IWalletContext wallet, InvitationRequest request, QuoteTerms terms, PaymentWorth worth, NetworkAccount? own,
        CancellationToken cancellationToken)
    {
        if (await AnsweredAsync(wallet, request, cancellationToken) is { } answered)
        {
            return answered;
        }

        var refusal = await compliance.CheckPayerAsync(wallet, cancellationToken) ?? worth.Refusal ?? Check(wallet, request, terms, worth)
            ?? QuoteRules.CheckReserve(wallet.State, terms, own);
        if (refusal is not null)
        {
            return refusal;
        }

        return await wallet.Answers.UnlessKeyIsTakenAsync(async () =>
        {
            var invitation = new InvitationRecord
            {
                Id = request.Id.Value,
                Asset = terms.Asset.Canonical,
                Stroops = terms.Stroops,
                Sealed = request.Sealed,
                CreatedAt = wallet.Now,
                ExpiresAt = wallet.Now + TimeSpan.FromDays(options.Value.Days),
                LimitUnits = worth.Units!.Value,
            };
            WalletStepUp.CountInvited(wallet.State, invitation.LimitUnits, request.Proof);
            UserDay.Count(wallet.State, wallet.Now).Invitations++;
            wallet.Book.Invitations.Add(invitation, request, wallet.Now, options.Value);
            wallet.Answers.Remember(Operation, request.IdempotencyKey, FingerprintOf(request), invitation.Id, wallet.Now);
            await wallet.SaveAsync();
            LogInvited(invitation.Id, wallet.Key);
            return (Result<InvitationView>)invitation.ToView();
        });
    }

    // As a payment's: the limits first, then the balance. Once it is made, neither is asked again.
    private Error? Check(IWalletContext wallet, InvitationRequest request, QuoteTerms terms, PaymentWorth worth)
    {
        var state = wallet.State;
        if ((LimitRules.Check(state, limits.Of(wallet), worth.Units, wallet.Now) ?? QuoteRules.CheckBalance(state, terms)
            ?? IWalletContext.CheckActive(state)) is { } refusal)
        {
            return refusal;
        }

        if (wallet.Book.Invitations.Open >= options.Value.OpenPerSender)
        {
            return InvitationErrors.TooManyOpen(options.Value.OpenPerSender);
        }

        return UserBudgets.CheckInvitations(state, options.Value.PerDay, wallet.Now)
            ?? minimum.Check(PaymentKinds.Of(PaymentMethod.Payment), terms, worth)
            ?? stepUp.CheckNew(state, worth.Units!.Value, request.Proof);
    }

    private Result<QuoteTerms> Read(InvitationRequest request)
    {
        if (QuoteRules.FindAsset(request.Asset, _assets) is not { } asset)
        {
            return new Error(ErrorKind.InvalidRequest, "unknown_asset", "The wallet does not hold an asset of that name.", "asset");
        }

        return Amount.TryParseStroops(request.Amount, out var stroops) && stroops > 0
            ? new QuoteTerms(Destination: "", Recipient: "", asset, stroops, Memo: null)
            : new Error(ErrorKind.InvalidRequest, "amount_invalid", QuoteRules.AmountRule, "amount");
    }

    // Each asks the database and is undone: he who does nothing else has his day's worth of it too.
    private static Task CountRefusedAsync(IWalletContext wallet)
    {
        UserDay.Count(wallet.State, wallet.Now).Invitations++;
        return wallet.SaveAsync();
    }

    private async Task<Result<InvitationView>> UnlessRefusedAsync(Func<Task<Result<InvitationView>>> answer, Func<Task>? refused = null)
    {
        try
        {
            return await answer();
        }
        catch (Exception exception) when (InvitationErrors.Of(refusals.Of(exception), options.Value) is not null)
        {
            await (refused?.Invoke() ?? Task.CompletedTask);
            return InvitationErrors.Of(refusals.Of(exception), options.Value)!;
        }
    }

    // Null where the key is new.
    private static async Task<Result<InvitationView>?> AnsweredAsync(
        IWalletContext wallet, InvitationRequest request, CancellationToken cancellationToken)
    {
        if (IdempotencyLedger.Check(request.IdempotencyKey) is { } wrong)
        {
            return wrong;
        }

        var answered = await wallet.Answers.FindKeyAsync(
            Operation, request.IdempotencyKey, FingerprintOf(request), wallet.Now, cancellationToken);
        return answered switch
        {
            null => null,
            { IsSuccess: false } reused => reused.Error,
            _ => wallet.Book.Invitations.Find(InvitationId.Parse(answered.Value)) is { } found
                ? found.ToView()
                : InvitationErrors.Forgotten,
        };
    }

    private static string FingerprintOf(InvitationRequest request) =>
        IdempotencyLedger.Fingerprint(request.Fingerprint, request.Asset, request.Amount);

    [LoggerMessage(1720, LogLevel.Information, "Invitation {Invitation} of wallet {Wallet} was made")]
    private partial void LogInvited(string invitation, string wallet);

    [LoggerMessage(1721, LogLevel.Information, "Invitation {Invitation} of wallet {Wallet} is to be paid: its name was confirmed")]
    private partial void LogTaken(string invitation, string wallet);
}
