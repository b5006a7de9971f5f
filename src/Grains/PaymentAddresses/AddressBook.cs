using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// Every change that an account of a session's own goes through, and what it tells the session: each thing that came once it is the
/// merchant's, with who sent it and when. Touches nothing but the state.
/// </summary>
internal sealed class AddressBook(string session, PaymentAddressState state)
{
    /// <summary>The most that is kept one by one; of what is beyond that the sum is, for strangers choose how much comes.</summary>
    public const int MostReceipts = 50;

    private const string Merged = "account_merge";
    private const string Created = "create_account";
    private const long IndexMask = 0xFFF;

    // Two base reserves of half an XLM: of less the network makes no account, and so much of it cannot leave before the account does.
    private const long ReserveStroops = 10_000_000;

    // Of what the account's own end takes along, in percent, to be named for all of it: who is named may have it back.
    private const int NamedPercent = 99;
    private const int Whole = 100;

    private static readonly TimeSpan MostBlocked = TimeSpan.FromDays(1);
    private static readonly TimeSpan RecreatedPause = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private const int MostDoublings = 13;

    /// <summary>What is worth a transaction.</summary>
    public AddressWorth Worth { get; } = new(state);

    private InboxMarks Marks => ((IInboxState)state).Marks();

    /// <summary>How long is waited after so many tries that came to nothing: up to a day.</summary>
    public static TimeSpan PauseAfter(int tries) => FirstPause * (1 << Math.Clamp(tries - 1, 0, MostDoublings));

    /// <summary>Books what a transaction cost that the account paid for. It makes none such: somebody else may have its key.</summary>
    public void Pay(LedgerOutcome outcome)
    {
        if (outcome.FeeAccount == state.Address)
        {
            Add(Asset.Native.Canonical, -outcome.FeeStroops);
            state.BookFee(state.Address, outcome);
            Shrink();
        }
    }

    /// <summary>Books what a movement brought or took.</summary>
    public void Take(LedgerPlace place, LedgerOperation movement)
    {
        state.Delays = 0;
        if (movement is { Type: Created, Successful: true } && movement.To == state.Address)
        {
            // Whoever made it again: its numbers begin anew.
            (state.HasAccount, state.SequenceNumber, state.TriedAfter) = (true, null, null);
            if (state is { HasUnread: true, Parked: 0 })
            {
                // What nobody could read left with the account that was given up: what comes now owes nothing to it.
                state.HasUnread = false;
                Add(Asset.Native.Canonical, Math.Max(0, -state.Balances.GetValueOrDefault(Asset.Native.Canonical)));
            }

            state.Created = place > state.Created ? place : state.Created;
        }

        if (movement.To == state.Address && movement.Amount is { Stroops: > 0 } received)
        {
            var wasMuch = Worth.IsMuch;
            Add(received.Asset.Canonical, received.Stroops);
            state.Received[received.Asset.Canonical] =
                checked(state.Received.GetValueOrDefault(received.Asset.Canonical) + received.Stroops);
            state.Book(state.Address, movement, place, BookedKind.Received, received);
            Note(place, movement, received);
            // However often what strangers sent came to nothing, a payer's waits for none of it.
            (state.Failures, state.TriedAfter) = !wasMuch && Worth.IsMuch ? (0, null) : (state.Failures, state.TriedAfter);
        }

        if (movement.From == state.Address)
        {
            Leave(place, movement);
        }

        // Also of what an operator had tried again after the account had taken it along.
        Shrink();
    }

    /// <summary>
    /// What was taken from the account, by an issuer or whoever has its key, is missing of what came last: else what is left could never be
    /// paid out.
    /// </summary>
    public void Shrink()
    {
        foreach (var asset in state.Receipts.Select(each => each.Asset).Distinct(StringComparer.Ordinal).ToArray())
        {
            var missing = state.Receipts.Where(each => each.Asset == asset).Sum(each => each.Stroops)
                - state.Balances.GetValueOrDefault(asset);
            foreach (var receipt in state.Receipts.Where(each => each.Asset == asset && each.Sweep is null).Reverse())
            {
                var cut = Math.Clamp(missing, 0, receipt.Stroops);
                (receipt.Stroops, missing) = (receipt.Stroops - cut, missing - cut);
            }
        }

        state.Receipts.RemoveAll(each => each.Stroops == 0);
        foreach (var asset in state.Blocked.Keys.Where(asset => !state.Receipts.Exists(each => each.Asset == asset)).ToArray())
        {
            state.Blocked.Remove(asset);
        }
    }

    /// <summary>The merchant cannot take an asset: it is tried again by itself, ever less often.</summary>
    public void Block(string asset, DateTimeOffset now)
    {
        var present = state.Blocked.GetValueOrDefault(asset);
        var since = present?.Since ?? now;
        var tries = (present?.Tries ?? 0) + 1;
        // A try is as little as what strangers send, who may use up those of a day: nobody waits the longer for that.
        tries = now - since < MostBlocked ? tries : Math.Max(tries, AddressWorth.MostTries);
        state.Blocked[asset] = new BlockedAsset(tries, now + PauseAfter(tries), since);
    }

    /// <summary>The session has ended.</summary>
    public void End() => state.IsOver = true;

    /// <summary>The session says how little it still lacks, counting what was paid elsewhere.</summary>
    public void Learn(Dictionary<string, long> left) => state.Left = new(left);

    /// <summary>How it stands, as the session is told.</summary>
    public SessionAddress Now() => new(state.Address, state.Status, Worth.Awaits, Worth.IsRead, Worth.IsHeldUp);

    /// <summary>Puts what its session is to know into its inbox.</summary>
    /// <param name="at">The moment.</param>
    public void Flush(DateTimeOffset at)
    {
        if (state.Key is null)
        {
            return;
        }

        // What was put off goes on then, and is waited for as anything else.
        state.LittleAfter = state.LittleAfter > at ? state.LittleAfter : null;
        var now = Now();
        if (now != state.Told)
        {
            state.Told = now;
            Tell(new AddressNews(now).ToJson());
        }
    }

    private void Note(LedgerPlace place, LedgerOperation movement, Amount received)
    {
        var receipt = new AddressReceipt
        {
            Token = place.Token, Number = place.Number, Asset = received.Asset.Canonical, Stroops = received.Stroops,
            From = movement.From ?? movement.Creator, FromMuxed = movement.FromMuxed, TransactionHash = movement.TransactionHash,
            Ledger = movement.Ledger, ClosedAt = movement.ClosedAt,
            Index = movement.Type == Created && received.Stroops <= ReserveStroops ? AddressReceipt.WithTheAccount : 0,
        };
        if (!Worth.IsKept(receipt.Asset, receipt.Stroops))
        {
            AddToSum(receipt);
            return;
        }

        state.Receipts.Add(receipt);
        // What is on its way is no more than goes with one transaction, and keeps nobody from being kept.
        AddressReceipt[] alone = [.. state.Receipts.Where(each => each is { IsSum: false, Sweep: null })];
        if (alone.Length > MostReceipts)
        {
            // Whoever knows the address can send much for little: the least of what is kept gives way.
            var least = alone.MinBy(WeightOf)!;
            state.Receipts.Remove(least);
            AddToSum(least);
        }
    }

    // What it is of the price; then, of what has no price, how much it is.
    private (decimal OfPrice, long Stroops) WeightOf(AddressReceipt receipt) => (
        state.Enough.TryGetValue(receipt.Asset, out var enough) ? (decimal)receipt.Stroops / enough : 0, receipt.Stroops);

    // One of what came in time and one of what did not: nothing is counted in time, or late, for what else came.
    private void AddToSum(AddressReceipt receipt)
    {
        if (state.Receipts.Find(each => each is { IsSum: true, Sweep: null } && each.Asset == receipt.Asset
                && Worth.IsInTime(each) == Worth.IsInTime(receipt)) is { } sum)
        {
            sum.Stroops = checked(sum.Stroops + receipt.Stroops);
            sum.ClosedAt = receipt.ClosedAt > sum.ClosedAt ? receipt.ClosedAt : sum.ClosedAt;
        }
        else
        {
            (receipt.IsSum, receipt.From, receipt.FromMuxed) = (true, null, null);
            state.Receipts.Add(receipt);
        }
    }

    private void Leave(LedgerPlace place, LedgerOperation movement)
    {
        var left = movement.SourceAmount ?? movement.Amount;
        if (left is { Stroops: > 0 } sent)
        {
            Add(sent.Asset.Canonical, -sent.Stroops);
            state.Book(state.Address, movement, place, BookedKind.OfPayer(movement), sent);
            if (movement.To == state.PaysTo)
            {
                HandOver(place, movement, sent);
            }
            else
            {
                // What was taken back has paid nothing.
                state.Received[sent.Asset.Canonical] = state.Received.GetValueOrDefault(sent.Asset.Canonical) - sent.Stroops;
            }
        }

        if (movement is { Type: Merged, Successful: true })
        {
            // Who sends it a little again and again, by creating it each time, is not swept each time.
            state.RecreatedAfter = state.Status == PaymentAddressStatus.Closed ? movement.ClosedAt + RecreatedPause : null;
            (state.Status, state.SequenceNumber) = (PaymentAddressStatus.Closed, null);
            // An operator may have had it tried again when the account was there anew.
            state.HasAccount &= state.Created > place;
            (state.Failures, state.Closings, state.PaysFirst, state.IsFenced, state.TriedAfter) = (0, 0, false, false, null);
        }
    }

    private void HandOver(LedgerPlace place, LedgerOperation movement, Amount sent)
    {
        var hash = movement.InnerTransactionHash ?? movement.TransactionHash;
        if (Swept(movement, hash) is { } receipt)
        {
            Hand(place, receipt, sent.Stroops);
            if (receipt.Stroops > sent.Stroops && state.HasAccount && !(state.Created > place))
            {
                // The rest goes with the account, which is given up by the same transaction, or by another.
                receipt.Stroops -= sent.Stroops;
                receipt.Index = AddressReceipt.WithTheAccount;
                receipt.Sweep = receipt.Merges ? hash : null;
                return;
            }

            state.Receipts.Remove(receipt);
        }
        else if (movement.Type == Merged)
        {
            // What the account's own end took along is one payment: of whoever sent nearly all of it, or of nobody in particular.
            AddressReceipt[] all =
            [
                .. state.Receipts.Where(each => each.Asset == sent.Asset.Canonical && new LedgerPlace(each.Token, each.Number) < place
                    && (each.Sweep is null || (each.Sweep == hash && each.Index == AddressReceipt.WithTheAccount))),
            ];
            var most = all.MaxBy(each => each.Stroops);
            var isAnybodys = most is not null && (Int128)Whole * most.Stroops >= (Int128)NamedPercent * sent.Stroops;
            Hand(place, isAnybodys ? most! : SumOf(movement, sent, all), sent.Stroops);
            state.Receipts.RemoveAll(each => all.Contains(each));
        }
        else if (movement.Memo == session)
        {
            // Whatever became of what it was: the merchant has it in the session's name, and waits for its word.
            Hand(place, SumOf(movement, sent, []), sent.Stroops);
        }
    }

    private AddressReceipt? Swept(LedgerOperation movement, string hash)
    {
        var index = (int)(movement.PagingToken & IndexMask) - 1;
        return state.Receipts.Find(each => each.Sweep == hash && each.Index == index && index != AddressReceipt.WithTheAccount);
    }

    // What is mostly in time is so: nobody's little that came later makes it late.
    private AddressReceipt SumOf(LedgerOperation movement, Amount sent, AddressReceipt[] all)
    {
        var inTime = all.Where(Worth.IsInTime).ToArray();
        return new()
        {
            Asset = sent.Asset.Canonical, IsSum = true, TransactionHash = movement.TransactionHash, Ledger = movement.Ledger,
            ClosedAt = inTime.Length > 0 && (Int128)2 * inTime.Sum(each => each.Stroops) >= sent.Stroops
                ? inTime.Max(each => each.ClosedAt)
                : movement.ClosedAt,
        };
    }

    private void Hand(LedgerPlace place, AddressReceipt receipt, long stroops)
    {
        if (state.Left.TryGetValue(receipt.Asset, out var left))
        {
            // Until the session says again what is missing: nothing else completes it, and is worth what completing it is.
            state.Left[receipt.Asset] = left - stroops;
        }

        Tell(new SweptReceipt(
            place, receipt.Asset, stroops, receipt.TransactionHash, receipt.Ledger, receipt.ClosedAt, receipt.From,
            receipt.FromMuxed).ToJson());
    }

    private void Tell(System.Text.Json.JsonElement content) =>
        Marks.Sent.Add(SentRow.Of(new LedgerOwner(PaymentSessionState.Name, session), content));

    private void Add(string asset, long stroops) =>
        state.Balances[asset] = checked(state.Balances.GetValueOrDefault(asset) + stroops);
}
