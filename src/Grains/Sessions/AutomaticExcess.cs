using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// Does with what came beyond a session's price, or too late, what its merchant chose: accepts it, or gives it back. What is to be decided
/// stands in the state since the write that judged it, and is taken from there by the write that decides: so once, whatever ends between
/// them. The merchant and the network are asked beside the turns. For one activation.
/// </summary>
internal sealed partial class AutomaticExcess(
    IPaymentSessionContext session, RefundDesk desk, PaymentSessionServices services, ILogger logger)
{
    // Up to eleven minutes stored, and four in memory: ten thousand sessions may wait for a network that is away.
    private const int MaxStoredDoublings = 6;
    private const int MaxDoublings = 8;

    // All that was to be decided. What is new does not wait as long as what was tried often; of so much only, for strangers bring it about.
    private readonly HashSet<LedgerPlace> _known = [];

    private readonly SoonWaker _waker = new(session, () => ContinueAsync(session), services.Clocks.Time, logger);
    private CancellationTokenSource? _working;
    private int _delays;

    // Behind it the next round begins: what fails again and again keeps none of the others from being decided.
    private LedgerPlace _triedLast;

    // In what state of the session it was begun last, and how much was known then.
    private (PaymentSessionStatus Status, bool IsParked, int Known)? _waitsIn;

    /// <summary>After how long a stored wake-up looks whether somebody sees to it, so many having found nothing to be decided.</summary>
    public static TimeSpan ResumeAfter(int delays) => TimeSpan.FromSeconds(10) * (1 << Math.Min(delays, MaxStoredDoublings));

    /// <summary>
    /// Begins, where something is to be decided and nobody is at it, nor will be in a while; at once where what it waited for may be so.
    /// </summary>
    public void Continue()
    {
        foreach (var place in session.State.Undecided.Where(_ => _known.Count < PaymentSessionBook.MostPayments))
        {
            _known.Add(place);
        }

        var state = (session.State.Status, session.State.Parked > 0, _known.Count);
        if (state != _waitsIn)
        {
            _waitsIn = state;
            _delays = 0;
            _waker.Stop();
        }

        if (_working is null && !_waker.IsWaiting && session.State.Undecided.Count > 0)
        {
            var working = _working = new CancellationTokenSource();
            session.RunBeside(() => WorkAsync(working));
        }
    }

    /// <summary>Begins in a moment, after something failed.</summary>
    public void ContinueSoon()
    {
        if (session.State.Undecided.Count > 0)
        {
            _waker.WakeSoon();
        }
    }

    /// <summary>Calls it off.</summary>
    public void Stop()
    {
        _waker.Stop();
        _working?.Cancel();
        _working = null;
    }

    private static Task ContinueAsync(IPaymentSessionContext session)
    {
        session.Excess.Continue();
        return Task.CompletedTask;
    }

    private async Task WorkAsync(CancellationTokenSource working)
    {
        TimeSpan? pause = SoonWaker.Pause * (1 << Math.Min(_delays++, MaxDoublings));
        var began = _waitsIn;
        try
        {
            var isDone = true;
            var places = await session.InTurnAsync(() => Task.FromResult<LedgerPlace[]>([.. session.State.Undecided]));
            foreach (var place in places.OrderBy(each => each <= _triedLast))
            {
                working.Token.ThrowIfCancellationRequested();
                _triedLast = place;
                isDone &= await DecideAsync(place, working.Token);
            }

            (pause, _delays) = isDone ? (null, 0) : (pause, _delays);
        }
        catch (OperationCanceledException) when (working.IsCancellationRequested)
        {
            LogStopped(session.Key);
            pause = null;
        }
        catch (Exception exception)
        {
            LogDelayed(exception, session.Key);
        }
        finally
        {
            var wasOurs = ReferenceEquals(_working, working);
            _working = wasOurs ? null : _working;
            working.Dispose();
            if (pause is { } again && _waitsIn == began)
            {
                _waker.WakeSoon(again);
            }
            else if (wasOurs)
            {
                // What came meanwhile, or is otherwise by now, found somebody at it.
                Continue();
            }
        }
    }

    // Whether it is decided; else it is to be looked at again.
    private async Task<bool> DecideAsync(LedgerPlace place, CancellationToken cancellationToken)
    {
        var (merchant, isAccepted, why) = await session.InTurnAsync(() => Task.FromResult(Plan(place)));
        if (why is null && isAccepted)
        {
            // Whoever is suspended makes no sessions.
            why = (await session.Grains.GetGrain<IMerchantInternal>(merchant.Value).GetFactsAsync()).Error;
            return why is null
                ? await session.InTurnAsync(() => AcceptAsync(place))
                : await session.InTurnAsync(() => HoldAsync(place, why.Code));
        }

        if (why is null)
        {
            var order = new NewRefund(place, Amount: null, RefundReasons.Automatic, Metadata: null, IdempotencyKey: null, Fingerprint: "");
            why = (await desk.RefundAsync(merchant, order, cancellationToken)).Error;
            if (why is null or { Kind: ErrorKind.Unavailable or ErrorKind.RateLimited })
            {
                return why is null;
            }
        }

        return await session.InTurnAsync(() => HoldAsync(place, why.Code));
    }

    private (MerchantId Merchant, bool IsAccepted, Error? Why) Plan(LedgerPlace place)
    {
        var state = session.State;
        var merchant = MerchantId.Parse(state.Merchant);
        if (state.Payments.Find(each => Excesses.PlaceOf(each) == place) is not { } payment)
        {
            return (merchant, false, RefundPots.NoSuchPayment);
        }

        if (state.IsAccepted(payment))
        {
            return (merchant, true, NotByItself(state, payment));
        }

        return (merchant, false, state.AutomaticRefundsLike(payment) < services.Refunds.Value.MostAutomaticOfSession
            ? null
            : new Error(ErrorKind.Conflict, RefundReasons.TooManyAutomatic, "There were too many."));
    }

    // What is sold without being asked is what would have been sold a little earlier: a price of long ago is a payer's choice, and what was
    // cancelled, or may be another's by now, is not for sale.
    private Error? NotByItself(PaymentSessionState state, SessionPayment payment) => state switch
    {
        { IsPiece: true } => new Error(ErrorKind.Conflict, Excesses.PieceMayBeGone, "It may be sold."),
        { Status: PaymentSessionStatus.Paid } => new Error(ErrorKind.Conflict, Excesses.Paid, "It was sold."),
        { Status: PaymentSessionStatus.Canceled } => new Error(ErrorKind.Conflict, Excesses.Canceled, "It was cancelled."),
        _ when (payment.DeliveredAt ?? payment.ClosedAt)
            > state.ExpiresAt + TimeSpan.FromSeconds(services.Sessions.Value.VolatileSeconds) =>
            new Error(ErrorKind.Conflict, Excesses.TooLate, "The price is of long ago."),
        _ => null,
    };

    private async Task<bool> AcceptAsync(LedgerPlace place)
    {
        if (!session.State.Undecided.Contains(place))
        {
            // Somebody has decided meanwhile.
            return true;
        }

        if (session.State.Parked > 0 || session.State.Status == PaymentSessionStatus.Created)
        {
            // Something may have come in time: the session may be paid yet, and there would be two sales.
            return false;
        }

        if (session.Acceptances.Accept(place, session.Now) is { Error: { } refused })
        {
            return await HoldAsync(place, refused.Code);
        }

        await session.SaveAsync();
        return true;
    }

    private async Task<bool> HoldAsync(LedgerPlace place, string why)
    {
        if (session.State.Undecided.Remove(place))
        {
            // Of what the merchant has decided himself meanwhile there is nothing to tell.
            var payment = session.State.Payments.Find(each => Excesses.PlaceOf(each) == place);
            if (session.State.Accepted != place
                && (payment is null ? session.Refunds.Pots.RefundedOf(place) == 0 : session.Refunds.Pots.ExcessLeft(payment) > 0))
            {
                session.Book.Hold(place, why);
            }

            await session.SaveAsync();
        }

        return true;
    }

    [LoggerMessage(1580, LogLevel.Debug, "What came for session {Session} beyond its price or too late is decided later.")]
    private partial void LogDelayed(Exception reason, string session);

    [LoggerMessage(1581, LogLevel.Debug, "Deciding what came for session {Session} beyond its price or too late was called off.")]
    private partial void LogStopped(string session);
}
