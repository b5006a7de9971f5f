using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Tests.Keys;

/// <summary>Wraps the keys of subjects anew, as a front door does when it starts, until it has been through.</summary>
internal static class SubjectKeyRotation
{
    /// <summary>How many failed; what tests beside this one have lost too.</summary>
    public static async Task<int> RunAsync(IServiceProvider process)
    {
        var keys = process.GetRequiredService<ISubjectKeys>();
        var (failed, page) = (0, new RewrappedPage(null, 0));
        do
        {
            page = await keys.RewrapPageAsync(page.Last, TestContext.Current.CancellationToken);
            failed += page.Failed;
        }
        while (page.Last is not null);

        return failed;
    }
}
