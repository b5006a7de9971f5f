namespace StellarPay.Sandbox.Replay;

/// <summary>
/// <c>sandbox replay FILE…</c>: replays stories of a real stellar-core and prints, for each file, that they agree or
/// the first difference.
/// </summary>
internal static class ReplayCommand
{
    public const string Name = "replay";

    private const int Agreed = 0;
    private const int Differed = 1;
    private const int Misused = 2;

    /// <summary>Runs the command; the exit code is 0 only if every file agrees.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> files, TextWriter output, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
        {
            await output.WriteLineAsync("usage: sandbox replay FILE…");
            return Misused;
        }

        var exit = Agreed;
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (text, agrees) = Replay(file);
            await output.WriteLineAsync($"{Path.GetFileName(file)}: {text}");
            exit = agrees ? exit : Differed;
        }

        return exit;
    }

    private static (string Text, bool Agrees) Replay(string file)
    {
        try
        {
            using var json = File.OpenRead(file);
            var story = Story.Parse(json);
            return new StoryReplay(story).FirstDifference() is { } difference
                ? (difference, false)
                : ($"agrees in all {story.Steps.Count} steps and the final state", true);
        }
        catch (Exception e) when (e is IOException or System.Text.Json.JsonException or UnauthorizedAccessException)
        {
            return ($"cannot be read: {e.Message}", false);
        }
    }
}
