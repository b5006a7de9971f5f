namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// Which of the accounts that wait go into the next transaction. One that cannot be opened makes the whole transaction
/// fail; those that were in a failed one meet in smaller and smaller groups, so that it is soon alone with itself.
/// </summary>
internal sealed class OpeningGroups
{
    // An envelope has at most 20 signatures, and the sponsor's is one of them.
    private const int MaxAccounts = 19;
    private const int MaxOperations = 100;
    private const int MaxRemembered = 10_000;

    private static readonly int[] SizeAfterFailures = [MaxAccounts, 6, 2, 1];

    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <summary>Takes the next group out of those that wait, in their order.</summary>
    public List<OpeningApplicant> Take(List<OpeningApplicant> waiting)
    {
        var group = new List<OpeningApplicant>();
        if (waiting.Count == 0)
        {
            return group;
        }

        var failures = FailuresOf(waiting[0].Address);
        var operations = 0;
        foreach (var applicant in waiting)
        {
            if (FailuresOf(applicant.Address) == failures
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
        if (_failures.Count > MaxRemembered)
        {
            _failures.Clear();
        }

        foreach (var address in addresses)
        {
            _failures[address] = Math.Min(FailuresOf(address) + 1, SizeAfterFailures.Length - 1);
        }
    }

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

    private int FailuresOf(string address) => _failures.GetValueOrDefault(address);
}
