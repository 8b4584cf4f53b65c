using System.Globalization;
using System.Runtime.InteropServices;
using FollowUp.Bench;

if (args is ["stub", var port, var latency])
{
    await new StubProvider(TimeSpan.FromMilliseconds(double.Parse(latency, CultureInfo.InvariantCulture))).Serve(
        int.Parse(port, CultureInfo.InvariantCulture)
    );
    return 0;
}

var quick = args.Contains("--quick");
var only = args.SkipWhile(argument => argument != "--only").Skip(1).FirstOrDefault()?.Split(',');
var program = args[0];
var size = quick ? Size.Quick : Size.Full;
var chosen = Measures.All.Where(measure => only?.Contains(measure.Name) != false).ToList();
if (only?.Except(Measures.All.Select(measure => measure.Name)).FirstOrDefault() is { } unknown)
{
    await Console.Error.WriteLineAsync(
        $"There is no measure {unknown}; there are {string.Join(", ", Measures.All.Select(measure => measure.Name))}."
    );
    return 2;
}

var table = new Table();
await using var environment = await BenchEnvironment.Create(program);
var machine = new
{
    processors = Environment.ProcessorCount,
    memoryMb = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024 / 1024,
    system = RuntimeInformation.OSDescription,
    runtime = RuntimeInformation.FrameworkDescription,
    postgres = await environment.Read<string>("SHOW server_version"),
    program = typeof(Table).Assembly.GetName().Version!.ToString(3),
    quick,
};
var failed = 0;
foreach (var measure in chosen)
{
    for (var run = 1; run <= (measure.Once ? 1 : size.Runs); run++)
    {
        await Console.Error.WriteLineAsync($"{measure.Name}, run {run}: {measure.About} ...");
        try
        {
            foreach (var reading in await measure.Run(environment, size))
            {
                table.Add(reading);
                await Console.Error.WriteLineAsync($"  {reading}");
            }
        }
        catch (Exception failure)
        {
            // Continue with the other measures: their results are valid, and a run takes an hour.
            failed++;
            await Console.Error.WriteLineAsync($"  FAILED: {failure.Message}");
        }
    }
}

table.Print();
if (only is null && !quick && failed == 0)
{
    await table.Save("tests/Bench/results.json", machine);
}

return table.AllMet && failed == 0 ? 0 : 1;
