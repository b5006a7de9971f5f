namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// Which of the accounts that wait go into the next transaction. One that cannot be opened makes the whole transaction fail. Where the
/// ledger says which it was, that one goes alone from then on, and after all others. Where it does not, those that were in the failed
/// one meet in smaller and smaller groups, after those that were in none, so that the one is soon alone with itself.
/// </summary>
internal sealed class OpeningGroups
{
    // An envelope has at most 20 signatures, and the sponsor's is one of them.
    private const int MaxAccounts = 19;
    private const int MaxOperations = 100;
    private const int MaxRemembered = 10_000;

    // After so many groups without a failure, one that failed has its turn: it may be as honest as they are.
    private const int MaxPassedOver = 8;

    private static readonly int[] SizeAfterFailures = [MaxAccounts, 6, 2, 1];

    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private int _passedOver;

    private static int Alone => SizeAfterFailures.Length - 1;

    /// <summary>Takes the next group out of those that wait, in their order.</summary>
    public List<OpeningApplicant> Take(List<OpeningApplicant> waiting)
    {
        var group = new List<OpeningApplicant>();
        if (waiting.Count == 0)
        {
            return group;
        }

        var failures = NextFailures(waiting);
        var operations = 0;
        foreach (var applicant in waiting)
        {
            if (FailuresOf(applicant) == failures
                && group.Count < SizeAfterFailures[failures]
                && operations + OperationsOf(applicant.Request) <= MaxOperations)
            {
                group.Add(applicant);
                operations += OperationsOf(applicant.Request);
            }
        }

        waiting.RemoveAll(group.Contains);
        return group;
    }

    /// <summary>The transaction of these accounts was refused or failed; which of them is to blame is not known.</summary>
    public void Failed(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            Note(address, Math.Min(FailuresOf(address) + 1, Alone));
        }
    }

    /// <summary>These made their transaction fail: each goes alone from now on.</summary>
    public void Blame(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            Note(address, Alone);
        }
    }

    /// <summary>Whether an account goes alone.</summary>
    public bool IsAlone(string address) => FailuresOf(address) == Alone;

    public void Succeeded(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            _failures.Remove(address);
        }
    }

    /// <summary>The reserves, in stroops, that a sponsor carries for an account of this request.</summary>
    public static long ReserveOf(OpeningRequest request) =>
        Network.NetworkAccount.BaseReserveStroops * ((request.Create ? 2 : 0) + request.Trustlines.Length);

    // Begin and end of the sponsorship, the creation, and each trustline.
    private static int OperationsOf(OpeningRequest request) => 2 + (request.Create ? 1 : 0) + request.Trustlines.Length;

    // Those with the fewest failures, so that nobody waits for whoever spoils it for others; but these have a turn now and then.
    private int NextFailures(List<OpeningApplicant> waiting)
    {
        var fewest = waiting.Min(FailuresOf);
        if (waiting.Find(applicant => FailuresOf(applicant) > fewest) is not { } passedOver)
        {
            _passedOver = 0;
            return fewest;
        }

        if (_passedOver < MaxPassedOver)
        {
            _passedOver++;
            return fewest;
        }

        _passedOver = 0;
        return FailuresOf(passedOver);
    }

    private void Note(string address, int failures)
    {
        if (_failures.Count > MaxRemembered)
        {
            _failures.Clear();
        }

        _failures[address] = failures;
    }

    private int FailuresOf(OpeningApplicant applicant) => applicant.Request.Alone ? Alone : FailuresOf(applicant.Address);

    private int FailuresOf(string address) => _failures.GetValueOrDefault(address);
}
