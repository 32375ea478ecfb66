"""Reports: what the numbers look like to people. Reads core_ and out_ tables only; computes no indicator itself."""
