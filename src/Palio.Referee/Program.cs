using Palio.Referee;

return RefereeProgram.Run(args, Environment.GetEnvironmentVariable, Console.OpenStandardOutput(), Console.Error, TimeProvider.System);
