using System.Diagnostics;

namespace StellarPay.Bench.Wallet.Machine;

/// <summary>A folder of this run alone; the database server, which does not run as root, can enter it.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly bool _keep;

    private BenchFolder(string path, bool keep) => (Path, _keep) = (path, keep);

    public string Path { get; }

    public static async Task<BenchFolder> CreateAsync(bool keep = false)
    {
        var folder = Directory.CreateTempSubdirectory("stellarpay-bench-").FullName;
        using var open = Process.Start("chmod", ["755", folder]);
        await open.WaitForExitAsync();
        return new BenchFolder(folder, keep);
    }

    public void Dispose()
    {
        if (_keep)
        {
            Console.Error.WriteLine($"logs: {Path}");
        }
        else
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
