using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// The accounts that want to be opened: those that wait, the group that is asked to sign, and those in the transaction that is
/// out. In memory only, for one activation and on its scheduler: wallets' calls interleave with everything else.
/// </summary>
internal sealed partial class OpeningApplicants(string sponsor, TimeProvider time, ILogger logger)
{
    private const int MaxApplicants = 10_000;

    // Well under the time after which a call is given up.
    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(10);

    private static readonly Error Busy =
        new(ErrorKind.RateLimited, "sponsor_busy", "Too many accounts wait to be opened. Please try again in a moment.");

    private static readonly OpeningStep Again = new(OpeningMove.Again);

    private readonly Dictionary<string, OpeningApplicant> _applicants = new(StringComparer.Ordinal);
    private readonly List<OpeningApplicant> _waiting = [];
    private readonly OpeningGroups _groups = new();

    // The ends that no call was there to hear. A wallet that asks between its own look at the ledger and the end of its
    // transaction must not be put into another one.
    private readonly Dictionary<string, Result<OpeningStep>> _missed = new(StringComparer.Ordinal);

    private List<OpeningApplicant> _group = [];
    private string? _signing;
    private TaskCompletionSource _signed = NewSignal();

    /// <summary>Whether any of them waits for a transaction.</summary>
    public bool AnyWait => _waiting.Count > 0 || _group.Count > 0;

    /// <summary>
    /// Takes an account in, or hears how it goes: at once where that is known, or with the next step, but not for long.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="isOut">Whether the account is in a transaction that is out.</param>
    /// <param name="begin">Has what waits sent.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    public Task<Result<OpeningStep>> JoinAsync(
        OpeningRequest request, bool isOut, Action begin, CancellationToken cancellationToken)
    {
        if (_missed.Remove(request.Address, out var missed))
        {
            return Task.FromResult(missed);
        }

        if (!_applicants.TryGetValue(request.Address, out var applicant))
        {
            if (_applicants.Count >= MaxApplicants)
            {
                return Task.FromResult<Result<OpeningStep>>(Busy);
            }

            applicant = new OpeningApplicant(request);
            _applicants.Add(request.Address, applicant);
            if (!isOut)
            {
                _waiting.Add(applicant);
            }
        }

        begin();
        return applicant.Asked is { } asked
            ? Task.FromResult<Result<OpeningStep>>(asked)
            : applicant.WaitAsync(CallPatience, time, cancellationToken);
    }

    /// <summary>Takes an account's signature in, and hears how it goes on, but not for long.</summary>
    public Task<Result<OpeningStep>> SignAsync(
        string address, string transactionHash, byte[] signature, CancellationToken cancellationToken)
    {
        if (!_applicants.TryGetValue(address, out var applicant))
        {
            return Task.FromResult(_missed.Remove(address, out var missed) ? missed : Again);
        }

        if (applicant.Asked is { TransactionHash: { } asked } step && asked == _signing)
        {
            if (asked != transactionHash)
            {
                // Signed what has been replaced since.
                return Task.FromResult<Result<OpeningStep>>(step);
            }

            if (!SigningKey.Verify(AccountId.Parse(address), Convert.FromHexString(transactionHash), signature))
            {
                LogBadSignature(sponsor, address, transactionHash);
                _groups.Failed([address]);
                return Task.FromResult<Result<OpeningStep>>(Again);
            }

            applicant.TakeSignature(signature);
            if (_group.TrueForAll(member => member.Signature is not null))
            {
                _signed.TrySetResult();
            }
        }

        return applicant.WaitAsync(CallPatience, time, cancellationToken);
    }

    /// <summary>Forgets who has stopped asking, and puts a group of which nothing came before the others.</summary>
    public void Gather()
    {
        _group.ForEach(member => member.Reset());
        _waiting.InsertRange(0, _group);
        (_group, _signing) = ([], null);
        // A wallet that has stopped asking is gone; it comes back as a new one.
        foreach (var gone in _waiting.Where(applicant => applicant.Calls == 0).ToArray())
        {
            _waiting.Remove(gone);
            _applicants.Remove(gone.Address);
        }
    }

    /// <summary>
    /// The accounts of the next transaction: those that are left of the group that was asked, or as many of the next as there is
    /// XLM for. Empty where there is none of them, or not even for the first.
    /// </summary>
    /// <param name="availableStroops">How much XLM the sponsor can hold back for them.</param>
    public IReadOnlyList<OpeningApplicant> Group(long availableStroops)
    {
        if (_group.Count == 0)
        {
            _group = _groups.Take(_waiting);
            var affordable = _group.TakeWhile(
                member => (availableStroops -= OpeningGroups.ReserveOf(member.Request)) >= 0).Count();
            _waiting.InsertRange(0, _group.Skip(affordable));
            _group.RemoveRange(affordable, _group.Count - affordable);
        }

        return _group;
    }

    /// <summary>The accounts of the next transaction.</summary>
    public IReadOnlyList<OpeningApplicant> InGroup => _group;

    /// <summary>Answers one of the group, which is in it no more.</summary>
    public void DismissMember(OpeningApplicant member, Error answer)
    {
        _group.Remove(member);
        Dismiss([member.Address], answer);
    }

    /// <summary>Asks the whole group to sign, and waits until all have, or for so long. Who has not is let go.</summary>
    /// <returns>Whether all have.</returns>
    public async Task<bool> HaveSignedAsync(OpeningStep step, TimeSpan patience, CancellationToken cancellationToken)
    {
        (_signing, _signed) = (step.TransactionHash, NewSignal());
        _group.ForEach(member => member.Ask(step));
        try
        {
            await _signed.Task.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            var absent = _group.Where(member => member.Signature is null).ToArray();
            LogAbsent(sponsor, absent.Length, _group.Count, step.TransactionHash!);
            _group.RemoveAll(absent.Contains);
            // What the others have signed has the absent in it: it is worth nothing.
            _signing = absent.Length == 0 ? _signing : null;
            Dismiss(absent.Select(member => member.Address), Again);
        }

        return IsSigned(step.TransactionHash!);
    }

    /// <summary>Whether all whom a transaction names have signed it, and are there still.</summary>
    public bool IsSigned(string transactionHash) =>
        _signing == transactionHash && _group.Count > 0 && _group.TrueForAll(member => member.Signature is not null);

    /// <summary>The signatures of the group.</summary>
    public IReadOnlyList<Cosignature> Signatures() =>
        [.. _group.Select(member => new Cosignature(member.Address, member.Signature!))];

    /// <summary>The group's transaction is out: its accounts are put into no other.</summary>
    public void Leave() => (_group, _signing) = ([], null);

    /// <summary>
    /// How the transaction of these accounts ended; whether one of them may be to blame for a failure, and which, where that is known.
    /// </summary>
    public void End(string[] addresses, OpeningStep answer, bool? succeeded, string[] blamed)
    {
        if (succeeded is true)
        {
            _groups.Succeeded(addresses);
        }
        else if (succeeded is false && blamed.Length > 0)
        {
            _groups.Blame(blamed);
        }
        else if (succeeded is false)
        {
            _groups.Failed(addresses);
        }

        // Told, so that its wallet remembers it longer than this activation lives.
        string[] alone = succeeded is false ? [.. addresses.Where(_groups.IsAlone)] : [];
        Dismiss(alone, answer with { Alone = true });
        Dismiss(addresses.Except(alone, StringComparer.Ordinal), answer);
    }

    /// <summary>Answers all that wait for a transaction; they are none of this sponsor's any more.</summary>
    public void DismissWaiting(Result<OpeningStep> answer)
    {
        string[] all = [.. _waiting.Concat(_group).Select(applicant => applicant.Address)];
        Leave();
        _signed.TrySetResult();
        Dismiss(all, answer);
    }

    /// <summary>Whoever waits for an answer looks elsewhere: at the ledger, and then at the next activation.</summary>
    public void DismissAll()
    {
        DismissWaiting(Again);
        Dismiss([.. _applicants.Keys], Again);
    }

    private void Dismiss(IEnumerable<string> addresses, Result<OpeningStep> answer)
    {
        foreach (var address in addresses)
        {
            if (_applicants.Remove(address, out var applicant))
            {
                _waiting.Remove(applicant);
                applicant.Tell(answer);
            }

            if (applicant is not { Calls: > 0 })
            {
                Keep(address, answer);
            }
        }
    }

    private void Keep(string address, Result<OpeningStep> answer)
    {
        if (_missed.Count >= MaxApplicants)
        {
            _missed.Clear();
        }

        _missed[address] = answer;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(1223, LogLevel.Information, "Sponsor {Sponsor}: {Absent} of {Count} accounts did not sign {Hash} in time; it is made anew without them.")]
    private partial void LogAbsent(string sponsor, int absent, int count, string hash);

    [LoggerMessage(1224, LogLevel.Warning, "Sponsor {Sponsor}: account {Address} handed in what is not its signature of {Hash}.")]
    private partial void LogBadSignature(string sponsor, string address, string hash);
}
