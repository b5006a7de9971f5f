using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace StellarPay.Tests.Shared.Node;

/// <summary>Packages of npm, installed once: the scripts of the official clients, which Node runs, and what browsers run.</summary>
internal static class NodeScripts
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private static readonly string Folder = typeof(NodeScripts).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ScriptFolder").Value!;

    /// <summary>Skips the test where there is no Node, or where it is too old for the clients.</summary>
    public static async Task RunAsync(string script, params (string Name, string Value)[] environment)
    {
        await RequireNodeAsync();
        await InstallOnceAsync();
        var (exit, output) = await RunProcessAsync("node", ["--test", script], environment);
        exit.ShouldBe(0, output);
    }

    /// <summary>Runs a program that is no test; gives what it wrote.</summary>
    public static async Task<string> RunProgramAsync(string script, params (string Name, string Value)[] environment)
    {
        await RequireNodeAsync();
        await InstallOnceAsync();
        var (exit, output) = await RunProcessAsync("node", [script], environment);
        exit.ShouldBe(0, output);
        return output;
    }

    /// <summary>Starts a program that goes on until it is disposed of; the first line that it writes says that it is there.</summary>
    public static async Task<NodeProgram> StartAsync(string script, params (string Name, string Value)[] environment)
    {
        await RequireNodeAsync();
        await InstallOnceAsync();
        return await NodeProgram.StartAsync(StartOf("node", [script], environment));
    }

    /// <summary>The text of a file of a package, for what runs it elsewhere than in Node.</summary>
    public static async Task<string> ReadAsync(string package, string file)
    {
        await RequireNodeAsync();
        await InstallOnceAsync();
        return await File.ReadAllTextAsync(
            Path.Combine(Folder, "node_modules", package, file), TestContext.Current.CancellationToken);
    }

    private static async Task RequireNodeAsync()
    {
        const int oldest = 20;
        try
        {
            var (_, version) = await RunProcessAsync("node", ["--version"]);
            if (int.Parse(version.TrimStart('v').Split('.')[0], System.Globalization.CultureInfo.InvariantCulture) < oldest)
            {
                Assert.Skip($"The official clients need Node {oldest}; this machine has {version.Trim()}.");
            }
        }
        catch (Win32Exception)
        {
            Assert.Skip($"The official clients need Node {oldest}, which is not on this machine.");
        }
    }

    private static async Task InstallOnceAsync()
    {
        // The lock is a file, as several test processes may install at once.
        await using var only = await LockAsync(Path.Combine(Folder, ".install.lock"));
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        var wanted = Path.Combine(Folder, "package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(wanted))
        {
            return;
        }

        var (exit, output) = await RunProcessAsync("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund"]);
        exit.ShouldBe(0, output);
        File.SetLastWriteTimeUtc(installed, File.GetLastWriteTimeUtc(wanted));
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                return new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task<(int Exit, string Output)> RunProcessAsync(
        string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        using var process = Process.Start(StartOf(program, arguments, environment))!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo StartOf(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
