using System.Runtime.InteropServices;

namespace StellarPay.Bench.Wallet.Machine;

/// <summary>
/// A folder of this run alone; the database server, which does not run as root, can enter it. Whatever was started for the
/// run is stopped, also when the run is told to end before its time.
/// </summary>
internal sealed class BenchFolder : IDisposable
{
    private const int Interrupted = 130;

    private readonly bool _keep;
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    private BenchFolder(string path, bool keep)
    {
        (Path, _keep) = (path, keep);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _ = StopAllAsync();
            }));
        }
    }

    public string Path { get; }

    public static BenchFolder Create(bool keep = false) => new(NewFolder("stellarpay-bench-"), keep);

    /// <summary>A folder that the database server, which does not run as root, can enter.</summary>
    public static string NewFolder(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix);
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        }

        return folder.FullName;
    }

    /// <summary>Has something stopped should the run be told to end; the last first.</summary>
    public T Stops<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Push(started);
        return started;
    }

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        if (_keep)
        {
            Console.Error.WriteLine($"logs: {Path}");
        }
        else
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private async Task StopAllAsync()
    {
        while (_started.TryPop(out var started))
        {
            await started.DisposeAsync();
        }

        Dispose();
        Environment.Exit(Interrupted);
    }
}
