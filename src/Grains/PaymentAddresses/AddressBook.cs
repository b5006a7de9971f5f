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

    /// <summary>After so many transactions that came to nothing the session's end waits for what is here no more.</summary>
    public const int MostFailures = 10;

    private const string Merged = "account_merge";
    private const string Created = "create_account";

    // What is less than a hundredth of the price goes with something else, or with the account: each transaction costs the platform a fee.
    private const int WorthShare = 100;

    // Of XLM that the session does not take.
    private const long UnpricedWorth = 10_000_000;
    private const long IndexMask = 0xFFF;

    private InboxMarks Marks => ((IInboxState)state).Marks();

    /// <summary>Whether the account is not needed any more.</summary>
    public bool IsClosing(DateTimeOffset now) => state.IsOver || state.ExpiresAt <= now
        || state.Enough.Any(each => state.Received.GetValueOrDefault(each.Key) >= each.Value);

    /// <summary>Whether what is here and goes nowhere yet is worth a transaction of its own.</summary>
    public bool IsWorth() => state.Receipts.Where(each => each.Sweep is null).GroupBy(each => each.Asset)
        .Any(each => each.Sum(receipt => receipt.Stroops) >= WorthOf(each.Key));

    /// <summary>Whether a transaction is on the ledger of which not all has been taken in.</summary>
    public bool IsBehind => state.Submission is null && state.Receipts.Exists(each => each.Sweep is not null);

    /// <summary>Books what a transaction cost that the account paid for. It makes none such: somebody else may have its key.</summary>
    public void Pay(LedgerOutcome outcome)
    {
        if (outcome.FeeAccount == state.Address)
        {
            Add(Asset.Native.Canonical, -outcome.FeeStroops);
            state.BookFee(state.Address, outcome);
        }
    }

    /// <summary>Books what a movement brought or took.</summary>
    public void Take(LedgerPlace place, LedgerOperation movement)
    {
        if (movement is { Type: Created, Successful: true } && movement.To == state.Address)
        {
            // Whoever made it again: its numbers begin anew.
            (state.HasAccount, state.SequenceNumber, state.TriedAfter) = (true, null, null);
        }

        if (movement.To == state.Address && movement.Amount is { Stroops: > 0 } received)
        {
            Add(received.Asset.Canonical, received.Stroops);
            state.Received[received.Asset.Canonical] =
                checked(state.Received.GetValueOrDefault(received.Asset.Canonical) + received.Stroops);
            state.Book(state.Address, movement, place, BookedKind.Received, received);
            Note(place, movement, received);
        }

        if (movement.From == state.Address)
        {
            Leave(place, movement);
        }
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
    }

    /// <summary>The session has ended.</summary>
    public void End() => state.IsOver = true;

    /// <summary>Puts what its session is to know into its inbox.</summary>
    public void Flush()
    {
        if (state.Key is null)
        {
            return;
        }

        var now = new SessionAddress(
            state.Address, state.Status, state.Receipts.Exists(each => !each.IsSmall),
            state.IsPastEnd && (state.Failures >= MostFailures || !state.Receipts.Exists(IsInTime)));
        if (now != state.Told)
        {
            state.Told = now;
            Tell(new AddressNews(now).ToJson());
        }
    }

    private bool IsInTime(AddressReceipt receipt) => !receipt.IsSmall && receipt.ClosedAt <= state.ExpiresAt;

    private long WorthOf(string asset) => state.Enough.TryGetValue(asset, out var enough)
        ? Math.Max(Dust.LimitStroops, enough / WorthShare)
        : UnpricedWorth;

    private void Note(LedgerPlace place, LedgerOperation movement, Amount received)
    {
        var receipt = new AddressReceipt
        {
            Token = place.Token, Number = place.Number, Asset = received.Asset.Canonical, Stroops = received.Stroops,
            From = movement.From ?? movement.Creator, FromMuxed = movement.FromMuxed, TransactionHash = movement.TransactionHash,
            Ledger = movement.Ledger, ClosedAt = movement.ClosedAt,
        };
        if (Dust.Is(received.Stroops))
        {
            AddToSum(receipt);
            return;
        }

        state.Receipts.Add(receipt);
        AddressReceipt[] alone = [.. state.Receipts.Where(each => !each.IsSum)];
        if (alone.Length > MostReceipts)
        {
            // Whoever knows the address can send much for little: the least of what is kept gives way.
            var least = alone.Where(each => each.Sweep is null).MinBy(WeightOf)!;
            state.Receipts.Remove(least);
            AddToSum(least);
        }
    }

    // What it is of the price; then, of what has no price, how much it is.
    private (decimal OfPrice, long Stroops) WeightOf(AddressReceipt receipt) => (
        state.Enough.TryGetValue(receipt.Asset, out var enough) ? (decimal)receipt.Stroops / enough : 0, receipt.Stroops);

    private void AddToSum(AddressReceipt receipt)
    {
        if (state.Receipts.Find(each => each is { IsSum: true, Sweep: null } && each.Asset == receipt.Asset) is { } sum)
        {
            (sum.Stroops, sum.ClosedAt) = (checked(sum.Stroops + receipt.Stroops), receipt.ClosedAt);
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
        }

        var isOurs = movement.To == state.PaysTo;
        if (isOurs && Swept(movement) is { } receipt)
        {
            Hand(place, receipt, receipt.Stroops);
        }
        else if (isOurs && movement.Type == Merged && left is { Stroops: > 0 } rest)
        {
            // What the account's own end took along: of one sender, or of nobody in particular.
            AddressReceipt[] all = [.. state.Receipts.Where(each => each.Asset == rest.Asset.Canonical && each.Sweep is null)];
            var known = all.Length == 1 ? all[0] : SumOf(movement);
            Hand(place, known, rest.Stroops);
            state.Receipts.RemoveAll(each => all.Contains(each));
        }
        else
        {
            Shrink();
        }

        if (movement is { Type: Merged, Successful: true })
        {
            (state.HasAccount, state.Status, state.SequenceNumber) = (false, PaymentAddressStatus.Closed, null);
            (state.Failures, state.Closings, state.PaysFirst, state.IsFenced, state.TriedAfter) = (0, 0, false, false, null);
        }
    }

    private AddressReceipt? Swept(LedgerOperation movement)
    {
        var hash = movement.InnerTransactionHash ?? movement.TransactionHash;
        var index = (int)(movement.PagingToken & IndexMask) - 1;
        return state.Receipts.Find(each => each.Sweep == hash && each.Index == index);
    }

    private static AddressReceipt SumOf(LedgerOperation movement) => new()
    {
        Asset = Asset.Native.Canonical, IsSum = true, TransactionHash = movement.TransactionHash, Ledger = movement.Ledger,
        ClosedAt = movement.ClosedAt,
    };

    private void Hand(LedgerPlace place, AddressReceipt receipt, long stroops)
    {
        state.Receipts.Remove(receipt);
        Tell(new SweptReceipt(
            place, receipt.Asset, stroops, receipt.TransactionHash, receipt.Ledger, receipt.ClosedAt, receipt.From,
            receipt.FromMuxed).ToJson());
    }

    private void Tell(System.Text.Json.JsonElement content) =>
        Marks.Sent.Add(SentRow.Of(new LedgerOwner(PaymentSessionState.Name, session), content));

    private void Add(string asset, long stroops) =>
        state.Balances[asset] = checked(state.Balances.GetValueOrDefault(asset) + stroops);
}
