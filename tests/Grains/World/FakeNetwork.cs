using System.Collections.Concurrent;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.World;

/// <summary>How the network answers a submission.</summary>
public enum Answer
{
    Normally,
    TimeOutAfterApplying,
    TimeOutWithoutApplying,
    TooManyRequests,
    PendingThenApplied,

    /// <summary>The network has it, and no ledger ever takes it.</summary>
    PendingForEver,
    BadSequence,
    RefuseForGood,
    NeverApply,

    /// <summary>It touches a ledger entry that is frozen.</summary>
    Frozen,

    /// <summary>With a code that nobody here knows.</summary>
    UnknownCode,
}

/// <summary>A network that answers as it is told, on top of a small ledger.</summary>
internal sealed partial class FakeNetwork : INetworkGateway, INetworkFeed
{
    public const string Passphrase = "Network of the grains' tests ; 2026";

    private readonly Lock _lock = new();
    private readonly Queue<Answer> _answers = [];
    private readonly HashSet<string> _withoutXlm = [];
    private readonly List<string> _pending = [];
    private readonly List<string> _submitted = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _feedHeld;
    private bool _pendingHeld;

    /// <summary>How many claimable balances an answer lists.</summary>
    public const int ClaimablesInPage = 1000;

    public FakeLedger Ledger { get; } = new(new StellarNetwork(Passphrase));

    public string Friendbot { get; } = NewAddress();

    /// <summary>Whether somebody else asks friendbot for each account at the same moment, and is answered in this one's place.</summary>
    public bool FriendbotIsAskedTwice { get; set; }

    public string Issuer { get; } = NewAddress();

    public string Usdc => $"USDC:{Issuer}";

    /// <summary>Every envelope that was submitted, in order.</summary>
    public IReadOnlyList<string> Submitted
    {
        get
        {
            lock (_lock)
            {
                return [.. _submitted];
            }
        }
    }

    /// <summary>Whether the follower is told nothing.</summary>
    public bool IsFeedHeld
    {
        get
        {
            lock (_lock)
            {
                return _feedHeld;
            }
        }
    }

    /// <summary>Every address whose account was asked for.</summary>
    public ConcurrentQueue<string> AccountsAsked { get; } = [];

    /// <summary>Whether looks for a transaction go to a replica that is behind and knows of none.</summary>
    public bool LooksAreStale { get; set; }

    /// <summary>Whether looks for a claimable balance go to a replica that shows none.</summary>
    public bool ClaimablesAreStale { get; set; }

    /// <summary>How often a list of claimable balances was asked for.</summary>
    public int ClaimablesListed { get; set; }

    /// <summary>How often a claimable balance was looked for.</summary>
    public int ClaimablesAsked { get; set; }

    /// <summary>What a question for an account waits for.</summary>
    public Func<string, Task>? BeforeAccount { get; set; }

    /// <summary>Whether every question finds no answer.</summary>
    public bool Down { get; set; }

    /// <summary>How many questions found none.</summary>
    public int AskedInVain { get; private set; }

    /// <summary>Whether an account has no XLM to pay a fee with.</summary>
    public void Empty(string address, bool empty)
    {
        lock (_lock)
        {
            _ = empty ? _withoutXlm.Add(address) : _withoutXlm.Remove(address);
        }
    }

    /// <summary>Who pays the fee of a transaction.</summary>
    public static string FeeSourceOf(string envelope) => TransactionEnvelope.FromXdrBase64(envelope) switch
    {
        FeeBumpTransactionEnvelope bump => bump.Transaction.FeeSource.AccountId.ToString(),
        TransactionV1Envelope v1 => v1.Transaction.Source.AccountId.ToString(),
        var other => throw new ArgumentException($"A {other.GetType().Name} has no fee that this knows.", nameof(envelope)),
    };

    public static string NewAddress()
    {
        using var key = SigningKey.Generate();
        return key.AccountId.ToString();
    }

    public T Look<T>(Func<FakeLedger, T> look)
    {
        lock (_lock)
        {
            return look(Ledger);
        }
    }

    /// <summary>How the next submissions are answered; after them, normally.</summary>
    public void Next(params Answer[] answers)
    {
        lock (_lock)
        {
            foreach (var answer in answers)
            {
                _answers.Enqueue(answer);
            }
        }
    }

    /// <summary>From now on it answers normally.</summary>
    public void ForgetAnswers()
    {
        lock (_lock)
        {
            _answers.Clear();
        }
    }

    /// <summary>Answers as a network does to which nothing was ever done: all that waits for a ledger gets one.</summary>
    public void Calm()
    {
        lock (_lock)
        {
            _answers.Clear();
            _withoutXlm.Clear();
            (_feedHeld, _pendingHeld, LooksAreStale, ClaimablesAreStale, Down, Behind) = (false, false, false, false, false, 0);
            FriendbotIsAskedTwice = false;
            Ledger.MinimumFee = 0;
            Ledger.Market.Clear();
            Ledger.Market.Down = false;
            ApplyPending();
        }
    }

    /// <summary>Forgets what was submitted and asked for.</summary>
    public void ForgetWhatWasAsked()
    {
        lock (_lock)
        {
            _submitted.Clear();
            AccountsAsked.Clear();
        }
    }

    /// <summary>An account that is no wallet of ours and trusts USDC.</summary>
    public string NewOutsider(Action<FakeAccount>? shape = null)
    {
        var address = NewAddress();
        lock (_lock)
        {
            var account = new FakeAccount { Sequence = 1, Native = 100 };
            account.Trustlines[Usdc] = new FakeTrustline();
            shape?.Invoke(account);
            Ledger.Accounts[address] = account;
        }

        return address;
    }

    public void Issue(string address, long stroops)
    {
        lock (_lock)
        {
            Ledger.Pay(Issuer, address, Usdc, stroops);
            Signal();
        }
    }

    /// <summary>
    /// The issuer lets an account move USDC, or does not any more: by an operation, or by a contract, which no operation shows.
    /// </summary>
    public void Authorize(string address, bool authorized, bool byContract = false)
    {
        lock (_lock)
        {
            Ledger.Close();
            var line = Ledger.Accounts[address].Trustlines[Usdc];
            (line.Authorized, line.LastModified) = (authorized, Ledger.Sequence);
            if (!byContract)
            {
                Ledger.Operations.Add(new LedgerOperation(
                    (Ledger.Sequence << 32) | 4097, $"{Ledger.Sequence:x64}", null, true, "set_trust_line_flags", null, null, null, null,
                    Ledger.Sequence, Ledger.ClosedAt, Trustline: new LedgerTrustline(address, Money.Asset.Parse(Usdc), authorized)));
            }

            Signal();
        }
    }

    /// <summary>Somebody outside sets an amount of USDC aside for claimants; gives the balance's id.</summary>
    public string SetAside(long stroops, params Claimant[] claimants)
    {
        lock (_lock)
        {
            var id = Ledger.SetAside(Issuer, Usdc, stroops, claimants);
            Signal();
            return id;
        }
    }

    public void ClaimByOther(string id, string claimant)
    {
        lock (_lock)
        {
            Ledger.ClaimByOther(id, claimant);
            Signal();
        }
    }

    public void HoldFeed(bool held)
    {
        lock (_lock)
        {
            _feedHeld = held;
            Signal();
        }
    }

    /// <summary>Whether what waits for a ledger waits until <see cref="CloseLedger"/>, not until somebody looks for it.</summary>
    public void HoldPending(bool held)
    {
        lock (_lock)
        {
            _pendingHeld = held;
        }
    }

    /// <summary>Closes a ledger with all that waits for one.</summary>
    public void CloseLedger()
    {
        lock (_lock)
        {
            ApplyPending();
        }
    }

    public void AdvanceClock(TimeSpan by)
    {
        lock (_lock)
        {
            Ledger.ClockOffset += by;
        }
    }
}
