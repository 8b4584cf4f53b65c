using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using FollowUp.Chaos;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(SkewedClock))]

/// <summary>Makes this assembly known to the program under test, which does not refer to it (.NET's <c>DOTNET_STARTUP_HOOKS</c>).</summary>
internal static class StartupHook
{
    public static void Initialize() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "FollowUp.Chaos" ? context.LoadFromAssemblyPath(Assembly.GetExecutingAssembly().Location) : null;
}

namespace FollowUp.Chaos
{
    /// <summary>Replaces the clock of the program under test by a skewed one (ASP.NET Core's hosting start-up).</summary>
    public sealed class SkewedClock : IHostingStartup
    {
        private const string Variable = "CHAOS_CLOCK_SKEW";
        private const string AskedVariable = "CHAOS_CLOCK_ASKED";

        /// <summary>The environment variables of a node whose clock is wrong.</summary>
        /// <param name="skew">How far it is ahead.</param>
        /// <param name="asked">A file that is there once the program under test has asked this clock.</param>
        public static (string Name, string Value)[] Environment(TimeSpan skew, string asked) =>
            [
                ("DOTNET_STARTUP_HOOKS", typeof(SkewedClock).Assembly.Location),
                ("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", typeof(SkewedClock).Assembly.GetName().Name!),
                (Variable, skew.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
                (AskedVariable, asked),
            ];

        public void Configure(IWebHostBuilder builder) =>
            builder.ConfigureServices(services =>
                services.AddSingleton<TimeProvider>(
                    new Wrong(
                        TimeSpan.FromSeconds(
                            double.Parse(System.Environment.GetEnvironmentVariable(Variable)!, CultureInfo.InvariantCulture)
                        )
                    )
                )
            );

        private sealed class Wrong(TimeSpan skew) : TimeProvider
        {
            private int _asked;

            public override DateTimeOffset GetUtcNow()
            {
                if (Interlocked.Exchange(ref _asked, 1) == 0)
                {
                    File.WriteAllText(global::System.Environment.GetEnvironmentVariable(AskedVariable)!, "");
                }

                return base.GetUtcNow() + skew;
            }
        }
    }
}
