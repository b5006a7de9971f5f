using System.Diagnostics;

namespace StellarPay.Tests.Shared.Node;

/// <summary>A program of Node's that runs beside the test, and ends with it.</summary>
internal sealed class NodeProgram : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private NodeProgram(Process process, string firstLine) => (_process, FirstLine) = (process, firstLine);

    /// <summary>The first line that it wrote.</summary>
    public string FirstLine { get; }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    internal static async Task<NodeProgram> StartAsync(ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            if (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                // Nobody reads on, and who writes to a full pipe stands still.
                process.OutputDataReceived += static (_, _) => { };
                process.ErrorDataReceived += static (_, _) => { };
                process.BeginErrorReadLine();
                return new NodeProgram(process, line);
            }

            Assert.Fail(await process.StandardError.ReadToEndAsync(deadline.Token));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }

        throw new UnreachableException();
    }
}
