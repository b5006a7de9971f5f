using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;

namespace StellarPay.Grains.Platform;

// The calls of wallets. They interleave with everything, and change only what is kept in memory.
internal sealed partial class SponsorGrain
{
    private const int MaxApplicants = 10_000;

    // Well under the time after which a call is given up.
    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(10);

    private static readonly Error Busy =
        new(ErrorKind.RateLimited, "sponsor_busy", "Too many accounts wait to be opened. Please try again in a moment.");

    // By address: those that wait, those that are asked to sign, and those in the transaction that is out.
    private readonly Dictionary<string, OpeningApplicant> _applicants = new(StringComparer.Ordinal);
    private readonly List<OpeningApplicant> _waiting = [];

    // The ends that no call was there to hear. A wallet that asks between its own look at the ledger and the end of its
    // transaction must not be put into another one.
    private readonly Dictionary<string, Result<OpeningStep>> _missed = new(StringComparer.Ordinal);
    private string? _signing;
    private TaskCompletionSource _signed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Result<OpeningStep>> JoinAsync(OpeningRequest request, CancellationToken cancellationToken = default)
    {
        RequireSound();
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
            if (State.Batch?.Members.Contains(request.Address) != true)
            {
                _waiting.Add(applicant);
            }
        }

        EnsureWorking();
        return applicant.Asked is { } asked
            ? Task.FromResult<Result<OpeningStep>>(asked)
            : applicant.WaitAsync(CallPatience, services.Time, cancellationToken);
    }

    public Task<Result<OpeningStep>> SignAsync(
        string address, string transactionHash, byte[] signature, CancellationToken cancellationToken = default)
    {
        RequireSound();
        var again = Task.FromResult<Result<OpeningStep>>(new OpeningStep(OpeningMove.Again));
        if (!_applicants.TryGetValue(address, out var applicant))
        {
            return _missed.Remove(address, out var missed) ? Task.FromResult(missed) : again;
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
                LogBadSignature(Name, address, transactionHash);
                _groups.Failed([address]);
                return again;
            }

            applicant.TakeSignature(signature);
            SignalIfAllSigned();
        }

        return applicant.WaitAsync(CallPatience, services.Time, cancellationToken);
    }

    private void SignalIfAllSigned()
    {
        if (_group.TrueForAll(member => member.Signature is not null))
        {
            _signed.TrySetResult();
        }
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
}
