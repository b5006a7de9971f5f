using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Replay;

/// <summary>Lives through a story with this ledger and says where it differs from what stellar-core answered.</summary>
internal sealed class StoryReplay
{
    /// <summary>The close interval of the network that the stories come from.</summary>
    private const ulong IntervalSeconds = 5;

    private readonly Story _story;
    private readonly StellarNetwork _network;
    private readonly TransactionQueue _queue;
    private readonly LedgerCloser _closer;

    public StoryReplay(Story story)
    {
        _story = story;
        _network = new StellarNetwork(story.Passphrase);
        State = Genesis.Create(AccountId.Parse(story.Genesis.Root), new GenesisOptions
        {
            BaseFee = story.BaseFee,
            BaseReserve = story.BaseReserve,
            TotalCoins = story.Genesis.Balance,
            Sequence = story.Genesis.LastClosedLedger,
            CloseTime = story.Genesis.CloseTime,
        });
        _queue = new TransactionQueue(State, new TransactionValidator(State));
        _closer = new LedgerCloser(State);
    }

    public LedgerState State { get; }

    /// <summary>The first difference as text; null if everything agrees.</summary>
    public string? FirstDifference()
    {
        if (_story.Protocol != HeaderState.Protocol)
        {
            return $"the story is of protocol {_story.Protocol}, this ledger of {HeaderState.Protocol}";
        }

        for (var number = 1; number <= _story.Steps.Count; number++)
        {
            var step = _story.Steps[number - 1];
            if (Differs(step) is { } difference)
            {
                return $"step {number} ({step.What}, hash {step.Hash}): {difference}";
            }
        }

        return FinalState.FirstDifference(_story.Final, State) is { } final
            ? $"final state: {final}"
            : LedgerInvariants.Violations(State) is [var violation, ..] ? $"final state: {violation}" : null;
    }

    private string? Differs(StoryStep step)
    {
        var frame = new TransactionFrame(_network.Id, TransactionEnvelope.FromXdrBase64(step.Envelope));
        if (frame.ContentsHash.ToString() != step.Hash)
        {
            return $"its hash is {frame.ContentsHash} here";
        }

        var time = ValidationTime.ForNextLedger(State.Header, State.Header.CloseTime, IntervalSeconds);
        var submission = _queue.TryAdd(frame, time);
        var status = StatusText(submission.Status);
        if (status != step.Status)
        {
            return $"expected {step.Status}, got {status}; " + Compare(step.Result, submission.Result);
        }

        return submission.Status switch
        {
            SubmissionStatus.Pending => Close(step),
            SubmissionStatus.Error => Compare(step.Result, submission.Result),
            _ => null,
        };
    }

    private string? Close(StoryStep step)
    {
        var closeTime = step.CloseTime.GetValueOrDefault();
        var closed = _closer.Close(closeTime, _queue.ChooseFor(closeTime));
        var time = ValidationTime.ForNextLedger(State.Header, State.Header.CloseTime, IntervalSeconds);
        _queue.LedgerClosed(closed.Transactions.Select(transaction => transaction.Frame), time);
        if (closed.Header.Sequence != step.Ledger)
        {
            return $"expected in ledger {step.Ledger}, closed in {closed.Header.Sequence}";
        }

        if (closed.Transactions is not [var applied])
        {
            return $"the ledger closed with {closed.Transactions.Count} transactions";
        }

        return Compare(step.Result, applied.Result)
            ?? (applied.Result.FeeCharged == step.FeeCharged
                ? null
                : $"expected a fee of {step.FeeCharged}, charged {applied.Result.FeeCharged}");
    }

    private static string? Compare(string? expected, TransactionResult? actual)
    {
        var found = actual?.ToXdrBase64();
        if (found == expected)
        {
            return null;
        }

        var wanted = expected is null ? null : TransactionResult.FromXdrBase64(expected);
        return $"expected result {ResultText.Of(wanted)} ({expected}), got {ResultText.Of(actual)} ({found})";
    }

    private static string StatusText(SubmissionStatus status) => status switch
    {
        SubmissionStatus.Pending => "PENDING",
        SubmissionStatus.Duplicate => "DUPLICATE",
        SubmissionStatus.TryAgainLater => "TRY_AGAIN_LATER",
        _ => "ERROR",
    };
}
