using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Frontdoor.Tests.Telemetry;

/// <summary>docs/telemetry.md, and what it must say.</summary>
internal static class TelemetryDocument
{
    internal sealed record Metric(string Name, string[] Attributes, string Line);

    /// <summary>The rows of its table of metrics.</summary>
    public static Metric[] Read() =>
    [
        .. File.ReadLines(Path.Combine(Root(), "docs", "telemetry.md"))
            .Where(line => line.StartsWith("| `stellarpay.", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 5)
            .Select(cells => new Metric(
                cells[0].Trim('`'), cells[3].Split('`').Where((_, i) => i % 2 == 1).ToArray(),
                string.Join(" | ", cells[0].Trim('`'), cells[1], cells[2].Trim('`'), cells[4]))),
    ];

    /// <summary>All instruments of ours, as a row must say it: name, kind, unit, meaning.</summary>
    public static string[] Instruments()
    {
        Type[] ours =
        [
            typeof(StellarPayTelemetry), typeof(Adapters.Telemetry.TelemetryServiceCollectionExtensions), typeof(FrontdoorExtensions),
        ];
        foreach (var assembly in ours)
        {
            foreach (var type in assembly.Assembly.GetTypes().Where(type => type.Name.EndsWith("Telemetry", StringComparison.Ordinal)))
            {
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
        }

        var lines = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == StellarPayTelemetry.Name)
            {
                lines.Add($"{instrument.Name} | {KindOf(instrument)} | {instrument.Unit} | {instrument.Description}");
            }
        };
        listener.Start();
        return [.. lines];
    }

    private static string KindOf(Instrument instrument) =>
        instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal) switch
        {
            "UpDownCounter" => "up-down counter",
            var kind => kind.ToLowerInvariant(),
        };

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "StellarPay.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
