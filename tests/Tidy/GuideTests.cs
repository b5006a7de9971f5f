using System.Text.RegularExpressions;

namespace StellarPay.Tidy.Tests;

public sealed partial class GuideTests
{
    [Fact]
    public void The_code_of_the_guide_to_adding_a_feature_is_the_code_that_is_compiled_and_tested()
    {
        var guide = File.ReadAllText(Path.Combine(SourceTree.Root, "docs/guides/add-a-feature.md"));
        var shown = Code().Matches(guide).Select(match => match.Groups[1].Value).ToArray();
        var compiled = SourceTree.CSharp.Where(file => file.Under("tests/Grains/Guides/Nudges"))
            .Select(file => File.ReadAllText(file.FullPath));

        shown.Length.ShouldBeGreaterThan(3);
        shown.ShouldBe(compiled, ignoreOrder: true);
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();
}
