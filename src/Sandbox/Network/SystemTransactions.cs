using StellarPay.Sandbox.History;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Network;

/// <summary>What one of the sandbox's own accounts is to do; decided when the ledger closes, null if there is nothing.</summary>
internal delegate OperationBody? PlanOperation(StateView state);

/// <summary>
/// Transactions of the sandbox's own accounts. They join the ledger as it closes, numbered in their order, so that a
/// thousand may ask friendbot at once though the queue takes one transaction an account.
/// </summary>
internal sealed class SystemTransactions(StellarNetwork network)
{
    /// <summary>How many may wait for the next ledger.</summary>
    public const int MaxWaiting = 10_000;

    private const uint Fee = 1_000_000;

    private readonly Lock _lock = new();
    private List<Waiting> _waiting = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Completes when the ledger has closed; with null if there was nothing to do. False if too many wait.</summary>
    public bool TryAdd(SigningKey source, PlanOperation plan, out Task<HistoryTransaction?> outcome)
    {
        var waiting = new Waiting(source, plan);
        outcome = waiting.Outcome.Task;
        lock (_lock)
        {
            if (_waiting.Count >= MaxWaiting)
            {
                return false;
            }

            _waiting.Add(waiting);
            return true;
        }
    }

    /// <summary>Builds and signs what waits, after the other transactions of the ledger.</summary>
    public Batch Take(StateView state, IReadOnlyList<TransactionFrame> others)
    {
        List<Waiting> taken;
        lock (_lock)
        {
            (taken, _waiting) = (_waiting, []);
        }

        var sequences = new Dictionary<AccountId, long>();
        var planned = new List<(Waiting Waiting, TransactionFrame? Frame)>(taken.Count);
        foreach (var waiting in taken)
        {
            planned.Add((waiting, Build(waiting, state, others, sequences)));
        }

        return new Batch(planned);
    }

    private TransactionFrame? Build(
        Waiting waiting, StateView state, IReadOnlyList<TransactionFrame> others, Dictionary<AccountId, long> sequences)
    {
        var source = waiting.Source.AccountId;
        if (waiting.Plan(state) is not { } body || state.Account(source) is not { } account)
        {
            return null;
        }

        if (!sequences.TryGetValue(source, out var last))
        {
            last = others.Where(frame => frame.Source == source).Select(frame => frame.Sequence)
                .Append(account.Sequence).Max();
        }

        sequences[source] = last + 1;
        var transaction = new TransactionBuilder(source, last + 1)
            .Add(body).WithFee(Fee).WithoutTimeBounds().Build();
        return new TransactionFrame(network.Id, transaction.Sign(network, waiting.Source));
    }

    internal sealed class Waiting(SigningKey source, PlanOperation plan)
    {
        public SigningKey Source => source;

        public PlanOperation Plan => plan;

        public TaskCompletionSource<HistoryTransaction?> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal sealed class Batch(List<(Waiting Waiting, TransactionFrame? Frame)> planned)
    {
        public IEnumerable<TransactionFrame> Frames => planned.Select(item => item.Frame).OfType<TransactionFrame>();

        public void Complete(HistoryIndex history)
        {
            foreach (var (waiting, frame) in planned)
            {
                waiting.Outcome.TrySetResult(frame is null ? null : history.Transaction(frame.ContentsHash));
            }
        }
    }
}
