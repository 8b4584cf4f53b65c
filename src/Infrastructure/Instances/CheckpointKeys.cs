using System.Security.Cryptography;

namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Reads the checkpoint keys from <c>Log:CheckpointKey</c>, which may be <c>off</c>. In Development, a file below <c>DataPath</c> is the default.
/// </summary>
internal static class CheckpointKeys
{
    private const string Setting = "Log:CheckpointKey";
    private const int KeyBytes = 32;
    private const int MostKeys = 10;

    /// <summary>The keys; empty outside Development when the setting is absent.</summary>
    /// <exception cref="SettingException">The setting does not consist of keys.</exception>
    public static LogSeals Read(IConfiguration settings, IHostEnvironment environment)
    {
        if (settings[Setting]?.Trim() is { Length: > 0 } given)
        {
            if (given.Equals("off", StringComparison.OrdinalIgnoreCase))
            {
                return LogSeals.Off;
            }

            string[] parts = given.Split(',', StringSplitOptions.TrimEntries);
            return parts.Length <= MostKeys
                ? new LogSeals([.. parts.Select(Key)])
                : throw new SettingException(
                    $"{Setting} has {parts.Length} keys, but at most {MostKeys} are allowed (environment variable Log__CheckpointKey)."
                );
        }

        return environment.IsDevelopment() ? new LogSeals([FromFile(settings["DataPath"] ?? ".followup")]) : LogSeals.Off;
    }

    private static byte[] Key(string text)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length >= KeyBytes
            ? key[..length]
            : throw new SettingException(
                $"{Setting} must be one or more base64 strings of at least {KeyBytes} bytes each, separated by commas (environment variable Log__CheckpointKey)."
            );
    }

    private static byte[] FromFile(string folder) =>
        PrivateFiles.ReadOrCreate(folder, "log-checkpoint.key", () => RandomNumberGenerator.GetBytes(KeyBytes));
}
