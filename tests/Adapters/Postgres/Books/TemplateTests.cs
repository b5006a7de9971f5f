using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using StellarPay.Grains.Events;
using StellarPay.Grains.Money;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Books;

/// <summary>
/// docs/books.md says what the templates say, each of its examples is posted as it says, and of every event it is decided.
/// </summary>
public sealed partial class TemplateTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly string Root = RootOf();
    private static readonly string Document = File.ReadAllText(Path.Combine(Root, "docs", "books.md"));

    private readonly JournalFixture _journal = new(database);

    [Fact]
    public async Task The_document_has_every_account_and_every_template()
    {
        var sections = Sections().ToArray();
        var documented = sections.SelectMany(section => Rows(section.Text).Select(row => $"{section.Type} {row}"));
        (await _journal.ListAsync("SELECT concat_ws(' ', event_type, amount, debit, credit) FROM journal_templates"))
            .ShouldBe(documented, ignoreOrder: true);
        (await _journal.ListAsync("SELECT concat_ws(' | ', name, side, meaning) FROM journal_accounts")).ShouldBe(
            AccountRow().Matches(Document).Select(row => $"{row.Groups[1]} | {row.Groups[2]} | {row.Groups[3]}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Each_example_is_posted_as_the_document_says()
    {
        foreach (var (type, text) in Sections())
        {
            var journal = new JournalFixture(database);
            var blocks = Block().Matches(text);
            var example = JsonDocument.Parse(blocks[0].Groups[1].Value).RootElement;
            // Every template of the event has an amount in it.
            foreach (var row in Rows(text))
            {
                example.GetRawText().ShouldContain($"\"{row.Split(' ')[0]}\"", customMessage: $"{type}: {row}");
            }

            await journal.PostAsync((type, example.GetProperty("subject").GetString()!, example.GetProperty("data")));

            (await journal.ListAsync("SELECT coalesce(problem, '') FROM journal WHERE service_id = $1", journal.Service)).ShouldBe([""]);
            (await journal.LinesAsync()).Select(line => line.Split(' ')).Select(line => string.Join(' ', line[2..5]) + $" {Decimal(line[5])}")
                .ShouldBe(blocks[1].Groups[1].Value.Trim().Split('\n'), customMessage: type);
        }
    }

    [Fact]
    public async Task Of_every_event_it_is_decided_whether_it_moves_money()
    {
        string[] told =
        [
            .. typeof(EventTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => (string)field.GetRawConstantValue()!),
            .. OfMerchants().Matches(Migrations()).Select(found => $"merchant.{found.Groups[1]}"),
            .. OfSuspense().Matches(Migrations()).Select(found => $"suspense.{found.Groups[1]}"),
            .. Named().Matches(Migrations()).Select(found => found.Groups[1].Value).Where(name => !name.EndsWith('.')),
        ];
        told.Length.ShouldBeGreaterThan(60);
        var silent = await _journal.ListAsync("SELECT event_type FROM journal_silent");
        var posted = await _journal.ListAsync("SELECT DISTINCT event_type FROM journal_templates");

        told.Where(type => !posted.Contains(type) && !silent.Contains(type) && !silent.Contains(type.Split('.')[0] + ".")).ShouldBeEmpty();
        posted.Intersect(silent).ShouldBeEmpty();
    }

    private static string Decimal(string stroops) => Amount.Format(long.Parse(stroops, null));

    private static IEnumerable<(string Type, string Text)> Sections() =>
        Section().Matches(Document).Select(found => (found.Groups[1].Value, found.Groups[2].Value));

    private static IEnumerable<string> Rows(string section) =>
        TemplateRow().Matches(section).Select(row => $"{row.Groups[1]} {row.Groups[2]} {row.Groups[3]}");

    private static string Migrations() => string.Join(
        '\n', Directory.EnumerateFiles(Path.Combine(Root, "infra", "postgres", "migrations")).Select(File.ReadAllText));

    private static string RootOf([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "StellarPay.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"### `([a-z_.]+)`\n(.*?)(?=\n##|\z)", RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| `([a-z_]+)` \| `([a-z_]+)` \| `([a-z_]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex TemplateRow();

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (asset|liability) \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex AccountRow();

    [GeneratedRegex(@"```(?:json|text)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"merchants\.event\(\s*p_service_id, p_event_id, '([a-z_]+)'")]
    private static partial Regex OfMerchants();

    [GeneratedRegex(@"suspense_tell\([a-z.]+, '([a-z_]+)'")]
    private static partial Regex OfSuspense();

    [GeneratedRegex(@"'type', (?:CASE WHEN [a-z_.]+ THEN '[a-z_.]+' ELSE )?'([a-z_.]+)'")]
    private static partial Regex Named();
}
