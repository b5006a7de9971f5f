using System.Runtime.CompilerServices;

namespace StellarPay.Tidy.Tests;

/// <summary>The repository as files: what the tidy tests read.</summary>
internal static class SourceTree
{
    private static readonly string[] LeftOut = ["artifacts", ".git", ".stellarpay", "node_modules", "bin", "obj", "TestResults"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal).Select(Read)];

    public static IEnumerable<SourceFile> CSharp => Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StellarPay.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("StellarPay.sln was not found above the tests.");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return file;
        }

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            if (LeftOut.Contains(Path.GetFileName(child)))
            {
                continue;
            }

            foreach (var file in Walk(child))
            {
                yield return file;
            }
        }
    }

    private static SourceFile Read(string path) =>
        new(Path.GetRelativePath(Root, path).Replace('\\', '/'), path);
}

internal sealed record SourceFile(string Path, string FullPath)
{
    private string[]? _lines;

    public string[] Lines => _lines ??= File.ReadAllLines(FullPath);

    public bool Under(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}
